@call "%~dp0EV_Central\start.bat" %* || exit /b 1
@call "%~dp0EV_CP\start.bat" %* || exit /b 1
@call "%~dp0EV_Driver\start.bat" %*
