# Runs at every boot, before the first prompt. Exported variables are set in every session.
# An update may replace this file: put your own commands into /local/init.sh, which runs after it.
#
# Some lines to use there (unchanged from upyOS):
#
#   cpufreq 160                          # clock of the processor, MHz
#   led boot 0                           # a sign of life
#
#   export essid MyNetwork
#   export passw secret
#   wifi sta on
#   wifi sta connect $essid $passw 10    # give up after 10 seconds
#   wifi sta status -n                   # sets $wa (active) and $wc (connected)
#   if $wc == False goto exit
#   wifi sta ifconfig
#   :exit
#   unset passw
#
#   > from machine import Pin            # a line of Python
#   < Pin(0).value()                     # print the value of an expression
