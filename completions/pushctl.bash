# bash completion for pushctl, made by 'pushctl completion bash'
_pushctl_profiles() {
  local file folder config=${PUSHCTL_CONFIG_DIR:-${XDG_CONFIG_HOME:-$HOME/.config}/pushctl}
  for folder in "$PUSHCTL_PROFILE_DIR" .pushctl "$config/profiles"; do
    [ -n "$folder" ] || continue
    for file in "$folder"/*.toml; do
      [ -e "$file" ] && basename "$file" .toml
    done
  done
}

_pushctl() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path="" words="" word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    case "$path" in
      "") path=$word ;;
      token|topic|channel|profile|sandbox) path="$path $word" ;;
    esac
  done
  case "$previous" in
    -p|--profile) words=$(_pushctl_profiles) ;;
    --sandbox|--vendor) words="apns fcm hms harmony honor mi oppo vivo meizu" ;;
    -o|--output) words="human plain json jsonl" ;;
    --color) words="auto always never" ;;
    --message|--payload|--tokens|--ca-bundle) COMPREPLY=($(compgen -f -- "$current")); return ;;
    *)
  case "$path" in
    "") words="send lint explain token topic trace quota revoke channel profile auth vendors demo sandbox help completion" ;;
    "send") words="--token --tokens --fid --topic --condition --alias --user --channel-id --title --subtitle --body --image --badge --sound --data --silent --ttl --priority --collapse --channel --class --category --click --push-type --set --header --message --payload --dry-run --as --validate-only --no-lint --probe-env --profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "lint") words="--token --tokens --fid --topic --condition --alias --user --channel-id --title --subtitle --body --image --badge --sound --data --silent --ttl --priority --collapse --channel --class --category --click --push-type --set --header --message --payload --vendor --profile --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "explain") words="--http-status --goaway --response-header --header --body --target --call --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "token") words="inspect --help" ;;
    "token inspect") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "topic") words="subscribe unsubscribe list --help" ;;
    "topic subscribe") words="--token --tokens --fid --profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "topic unsubscribe") words="--token --tokens --fid --profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "topic list") words="--token --tokens --fid --profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "trace") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --job-key --app-id --label --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "quota") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "revoke") words="--token --tokens --fid --profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --push-type --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "channel") words="create show list delete --help" ;;
    "channel create") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --store --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "channel show") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "channel list") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "channel delete") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile") words="add import list show check edit remove path trust --help" ;;
    "profile add") words="--vendor --environment --set --replace --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile import") words="--name --vendor --environment --password --set --replace --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile list") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile show") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile check") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile edit") words="--set --unset --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile remove") words="--yes --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile path") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "profile trust") words="--yes --revoke --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "auth") words="--profile --sandbox --scenario --timeout --proxy --ca-bundle --endpoint --allow-endpoint --call --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "vendors") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "demo") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "sandbox") words="serve log scenarios tokens --help" ;;
    "sandbox serve") words="--vendor --port --scenario --lenient --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "sandbox log") words="--follow --vendor --status --output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "sandbox scenarios") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "sandbox tokens") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "help") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
    "completion") words="--output --json --color --verbose --quiet --debug --no-input --exit-zero --help" ;;
  esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pushctl pushctl
