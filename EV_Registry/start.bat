@powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0..\scripts\launch.ps1" start-registry %*
