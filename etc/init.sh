# Runs at every boot, before the first prompt. Exported variables are set in every session.
# An update may replace this file: put your own commands into /local/init.sh, which runs after it.
#
# Some lines for it:
#   cpufreq 160                           # MHz
#   wifi sta on
#   wifi sta connect MyNetwork secret 10  # give up after 10 seconds
#   wifi sta status -n                    # sets $wa (active) and $wc (connected)
#   > from machine import Pin             # a line of Python
