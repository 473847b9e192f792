@powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0scripts\launch.ps1" down %*
