"""``pushctl completion SHELL``: a static script, so that TAB never starts Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pushctl.cli.base import Cli, application, argument, command
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

app = application("The completion script of a shell.")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command line up to its options: ``profile add``, its options with one line each, its subcommands."""

    path: str
    about: str
    options: tuple[tuple[str, str], ...]
    children: tuple[tuple[str, str], ...] = ()


@command(
    app,
    examples="""
    pushctl completion bash >> ~/.bashrc
    pushctl completion zsh > ~/.zfunc/_pushctl
    pushctl completion fish > ~/.config/fish/completions/pushctl.fish
    """,
)
def completion(cli: Cli, shell: Annotated[str, argument("SHELL", "bash, zsh, fish or powershell.")]) -> ExitCode:
    """Print the completion script of a shell: commands, options, vendors, profile names."""
    if shell not in SHELLS:
        raise UsageError(f"There is no completion for {shell!r}.", f"Known: {', '.join(SHELLS)}.", rule="unknown-shell")
    cli.write(script(shell))
    return ExitCode.ACCEPTED


def script(shell: str) -> str:
    """The script for ``bash``, ``zsh``, ``fish`` or ``powershell``; the files in ``completions/`` hold the same."""
    return SHELLS[shell](leaves())


def leaves() -> list[Leaf]:
    """Every command, read from the parser itself."""
    from pushctl.cli.root import COMMANDS, Root, build

    root: Root = build()
    found = [Leaf("", "", (), tuple((name, line) for name, (_, line) in COMMANDS.items()))]
    for name, (_, line) in COMMANDS.items():
        node: Any = root.get_command(None, name)
        children = getattr(node, "commands", {})
        found.append(Leaf(name, line, _options(node), tuple((key, _line(child)) for key, child in children.items())))
        found += [Leaf(f"{name} {key}", _line(child), _options(child)) for key, child in children.items()]
    return found


def _options(node: Any) -> tuple[tuple[str, str], ...]:
    rows = [
        (name, param.help or "")
        for param in node.params
        if param.param_type_name == "option"
        for name in param.opts
        if name.startswith("--")
    ]
    return (*rows, ("--help", "Show the help page."))


def _line(node: Any) -> str:
    return str(node.help or "").strip().partition("\n")[0]


def _vendors() -> str:
    from pushctl.vendors.registry import VENDORS

    return " ".join(VENDORS)


_FORMATS = "human plain json jsonl"
_WHEN = "auto always never"


def _bash(tree: list[Leaf]) -> str:
    cases = "\n".join(
        f'    "{leaf.path}") words="{" ".join([name for name, _ in (*leaf.children, *leaf.options)])}" ;;'
        for leaf in tree
    )
    return f"""\
# bash completion for pushctl, made by 'pushctl completion bash'
_pushctl_profiles() {{
  local file folder config=${{PUSHCTL_CONFIG_DIR:-${{XDG_CONFIG_HOME:-$HOME/.config}}/pushctl}}
  for folder in "$PUSHCTL_PROFILE_DIR" .pushctl "$config/profiles"; do
    [ -n "$folder" ] || continue
    for file in "$folder"/*.toml; do
      [ -e "$file" ] && basename "$file" .toml
    done
  done
}}

_pushctl() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} path="" words="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$word" in -*) continue ;; esac
    case "$path" in
      "") path=$word ;;
      {"|".join(leaf.path for leaf in tree if leaf.path and leaf.children)}) path="$path $word" ;;
    esac
  done
  case "$previous" in
    -p|--profile) words=$(_pushctl_profiles) ;;
    --sandbox|--vendor) words="{_vendors()}" ;;
    -o|--output) words="{_FORMATS}" ;;
    --color) words="{_WHEN}" ;;
    --message|--payload|--tokens|--ca-bundle) COMPREPLY=($(compgen -f -- "$current")); return ;;
    *)
  case "$path" in
{cases}
  esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _pushctl pushctl
"""


def _zsh(tree: list[Leaf]) -> str:
    def rows(pairs: tuple[tuple[str, str], ...]) -> str:
        return " ".join(f"'{name}:{_bare(about)}'" for name, about in pairs)

    cases = "\n".join(f"    '{leaf.path}') rows=({rows((*leaf.children, *leaf.options))}) ;;" for leaf in tree)
    groups = "|".join(leaf.path for leaf in tree if leaf.path and leaf.children)
    return f"""\
#compdef pushctl
# zsh completion for pushctl, made by 'pushctl completion zsh'
_pushctl_profiles() {{
  local -a names
  names=($PUSHCTL_PROFILE_DIR/*.toml(N:t:r) .pushctl/*.toml(N:t:r)
    ${{PUSHCTL_CONFIG_DIR:-${{XDG_CONFIG_HOME:-$HOME/.config}}/pushctl}}/profiles/*.toml(N:t:r))
  compadd -a names
}}

_pushctl() {{
  local path_="" word
  local -a rows
  for word in ${{words[2,CURRENT-1]}}; do
    [[ $word == -* ]] && continue
    case $path_ in
      '') path_=$word ;;
      {groups}) path_="$path_ $word" ;;
    esac
  done
  case ${{words[CURRENT-1]}} in
    -p|--profile) _pushctl_profiles; return ;;
    --sandbox|--vendor) compadd {_vendors()}; return ;;
    -o|--output) compadd {_FORMATS}; return ;;
    --color) compadd {_WHEN}; return ;;
    --message|--payload|--tokens|--ca-bundle) _files; return ;;
  esac
  case $path_ in
{cases}
  esac
  _describe 'pushctl' rows || _files
}}
if [ "$funcstack[1]" = "_pushctl" ]; then _pushctl "$@"; else compdef _pushctl pushctl; fi
"""


def _fish(tree: list[Leaf]) -> str:
    lines = ["# fish completion for pushctl, made by 'pushctl completion fish'", "complete -c pushctl -f"]
    for leaf in tree:
        names = leaf.path.split()
        seen = " && ".join(f"__fish_seen_subcommand_from {name}" for name in names)
        children = " ".join(name for name, _ in leaf.children)
        where = seen + (" && " if seen else "") + f"not __fish_seen_subcommand_from {children}" if children else seen
        for name, about in leaf.children:
            lines.append(f"complete -c pushctl -n '{where}' -a {name} -d '{_bare(about)}'")
        for name, about in leaf.options:
            extra = _fish_values(name)
            lines.append(f"complete -c pushctl -n '{where}' -l {name[2:]}{extra} -d '{_bare(about)}'")
    return "\n".join(lines) + "\n"


def _fish_values(name: str) -> str:
    folders = "$PUSHCTL_PROFILE_DIR .pushctl ~/.config/pushctl/profiles"
    listing = f"for f in {folders}; path basename $f/*.toml 2>/dev/null | path change-extension ''; end"
    values = {
        "--profile": f' -x -a "({listing})"',
        "--sandbox": f" -x -a '{_vendors()}'",
        "--vendor": f" -x -a '{_vendors()}'",
        "--output": f" -x -a '{_FORMATS}'",
        "--color": f" -x -a '{_WHEN}'",
    }
    files = ("--message", "--payload", "--tokens", "--ca-bundle")
    return " -r -F" if name in files else values.get(name, "")


def _powershell(tree: list[Leaf]) -> str:
    table = "\n".join(
        f"  '{leaf.path}' = @({', '.join(repr(name) for name, _ in (*leaf.children, *leaf.options))})" for leaf in tree
    )
    groups = ", ".join(repr(leaf.path) for leaf in tree if leaf.path and leaf.children)
    return f"""\
# PowerShell completion for pushctl, made by 'pushctl completion powershell'
$PushctlWords = @{{
{table}
}}
Register-ArgumentCompleter -Native -CommandName pushctl -ScriptBlock {{
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ $_.ToString() }})
  if ($wordToComplete) {{ $words = @($words | Select-Object -SkipLast 1) }}
  $path = ''
  foreach ($word in $words) {{
    if ($word.StartsWith('-')) {{ continue }}
    if ($path -eq '') {{ $path = $word }} elseif (@({groups}) -contains $path) {{ $path = "$path $word" }}
  }}
  $choices = switch ($words | Select-Object -Last 1) {{
    '--sandbox' {{ '{_vendors()}' -split ' ' }}
    '--vendor' {{ '{_vendors()}' -split ' ' }}
    '--output' {{ '{_FORMATS}' -split ' ' }}
    '--color' {{ '{_WHEN}' -split ' ' }}
    default {{ $PushctlWords[$path] }}
  }}
  $choices | Where-Object {{ $_ -like "$wordToComplete*" }} | ForEach-Object {{
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }}
}}
"""


def _bare(text: str) -> str:
    """One line of help without what the shells' quoting would trip over."""
    return text.replace("'", "").replace(":", "").replace("[", "(").replace("]", ")")


SHELLS: dict[str, Callable[[list[Leaf]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish, "powershell": _powershell}
