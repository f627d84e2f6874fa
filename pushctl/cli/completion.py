"""``pushctl completion SHELL``: a static script, so that TAB never starts Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pushctl.cli.base import Cli, application, argument, command
from pushctl.core.errors import UsageError
from pushctl.core.verdict import ExitCode

app = application("The completion script of a shell.")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command line up to its options: ``profile add``, its options with one line each, its subcommands.

    ``shorts``: option to its letter, ``--profile`` to ``p``.
    """

    path: str
    about: str
    options: tuple[tuple[str, str], ...]
    children: tuple[tuple[str, str], ...] = ()
    shorts: Mapping[str, str] = field(default_factory=dict)


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
        below = tuple((key, _line(child)) for key, child in children.items())
        found.append(Leaf(name, line, _options(node), below, _shorts(node)))
        found += [
            Leaf(f"{name} {key}", _line(child), _options(child), shorts=_shorts(child))
            for key, child in children.items()
        ]
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


def _shorts(node: Any) -> dict[str, str]:
    letters = {"--help": "h"}
    for param in node.params:
        letter = next((name[1] for name in param.opts if len(name) == 2), "")
        letters |= {name: letter for name in param.opts if letter and name.startswith("--")}
    return letters


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
        return " ".join(f"'{name}:{_zsh_text(about)}'" for name, about in pairs)

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


_FISH_HEAD = """\
# fish completion for pushctl, made by 'pushctl completion fish'
function __pushctl_profiles
    set -l config ~/.config/pushctl
    set -q XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME/pushctl
    set -q PUSHCTL_CONFIG_DIR; and set config $PUSHCTL_CONFIG_DIR
    for file in $PUSHCTL_PROFILE_DIR/*.toml .pushctl/*.toml $config/profiles/*.toml
        path basename $file | path change-extension ''
    end
end
complete -c pushctl -f"""


def _fish(tree: list[Leaf]) -> str:
    lines = [_FISH_HEAD]
    for leaf in tree:
        names = leaf.path.split()
        seen = " && ".join(f"__fish_seen_subcommand_from {name}" for name in names)
        children = " ".join(name for name, _ in leaf.children)
        where = seen + (" && " if seen else "") + f"not __fish_seen_subcommand_from {children}" if children else seen
        for name, about in leaf.children:
            lines.append(f"complete -c pushctl -n '{where}' -a {name} -d '{_fish_text(about)}'")
        for name, about in leaf.options:
            short = f"-s {leaf.shorts[name]} " if name in leaf.shorts else ""
            lines.append(
                f"complete -c pushctl -n '{where}' {short}-l {name[2:]}{_fish_values(name)} -d '{_fish_text(about)}'"
            )
    return "\n".join(lines) + "\n"


def _fish_values(name: str) -> str:
    values = {
        "--profile": " -x -a '(__pushctl_profiles)'",
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


def _zsh_text(text: str) -> str:
    """Help between single quotes in a row of _describe, where a bare colon would end the name."""
    return text.replace("'", "'\\''").replace(":", "\\:")


def _fish_text(text: str) -> str:
    """Help between single quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


SHELLS: dict[str, Callable[[list[Leaf]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish, "powershell": _powershell}
