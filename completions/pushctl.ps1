# PowerShell completion for pushctl, made by 'pushctl completion powershell'
$PushctlWords = @{
  '' = @('send', 'lint', 'explain', 'token', 'topic', 'trace', 'quota', 'revoke', 'channel', 'profile', 'auth', 'vendors', 'demo', 'sandbox', 'help', 'completion')
  'send' = @('--token', '--tokens', '--fid', '--topic', '--condition', '--alias', '--user', '--channel-id', '--title', '--subtitle', '--body', '--image', '--badge', '--sound', '--data', '--silent', '--ttl', '--priority', '--collapse', '--channel', '--class', '--category', '--click', '--push-type', '--set', '--header', '--message', '--payload', '--dry-run', '--as', '--validate-only', '--no-lint', '--probe-env', '--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'lint' = @('--token', '--tokens', '--fid', '--topic', '--condition', '--alias', '--user', '--channel-id', '--title', '--subtitle', '--body', '--image', '--badge', '--sound', '--data', '--silent', '--ttl', '--priority', '--collapse', '--channel', '--class', '--category', '--click', '--push-type', '--set', '--header', '--message', '--payload', '--vendor', '--profile', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'explain' = @('--http-status', '--goaway', '--response-header', '--header', '--body', '--target', '--call', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'token' = @('inspect', '--help')
  'token inspect' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'topic' = @('subscribe', 'unsubscribe', 'list', '--help')
  'topic subscribe' = @('--token', '--tokens', '--fid', '--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'topic unsubscribe' = @('--token', '--tokens', '--fid', '--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'topic list' = @('--token', '--tokens', '--fid', '--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'trace' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--job-key', '--app-id', '--label', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'quota' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'revoke' = @('--token', '--tokens', '--fid', '--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--push-type', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'channel' = @('create', 'show', 'list', 'delete', '--help')
  'channel create' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--store', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'channel show' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'channel list' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'channel delete' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile' = @('add', 'import', 'list', 'show', 'check', 'edit', 'remove', 'path', 'trust', '--help')
  'profile add' = @('--vendor', '--environment', '--set', '--replace', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile import' = @('--name', '--vendor', '--environment', '--password', '--set', '--replace', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile list' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile show' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile check' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile edit' = @('--set', '--unset', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile remove' = @('--yes', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile path' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'profile trust' = @('--yes', '--revoke', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'auth' = @('--profile', '--sandbox', '--scenario', '--timeout', '--proxy', '--ca-bundle', '--endpoint', '--allow-endpoint', '--call', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'vendors' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'demo' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'sandbox' = @('serve', 'log', 'scenarios', 'tokens', '--help')
  'sandbox serve' = @('--vendor', '--port', '--scenario', '--lenient', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'sandbox log' = @('--follow', '--vendor', '--status', '--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'sandbox scenarios' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'sandbox tokens' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'help' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
  'completion' = @('--output', '--json', '--color', '--verbose', '--quiet', '--debug', '--no-input', '--exit-zero', '--help')
}
Register-ArgumentCompleter -Native -CommandName pushctl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete) { $words = @($words | Select-Object -SkipLast 1) }
  $path = ''
  foreach ($word in $words) {
    if ($word.StartsWith('-')) { continue }
    if ($path -eq '') { $path = $word } elseif (@('token', 'topic', 'channel', 'profile', 'sandbox') -contains $path) { $path = "$path $word" }
  }
  $choices = switch ($words | Select-Object -Last 1) {
    '--sandbox' { 'apns fcm hms harmony honor mi oppo vivo meizu' -split ' ' }
    '--vendor' { 'apns fcm hms harmony honor mi oppo vivo meizu' -split ' ' }
    '--output' { 'human plain json jsonl' -split ' ' }
    '--color' { 'auto always never' -split ' ' }
    default { $PushctlWords[$path] }
  }
  $choices | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
