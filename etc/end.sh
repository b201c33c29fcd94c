# Runs at every shutdown. Put your own commands into /local/end.sh, which runs after it.
