# The network's clients: names, connections, HTTP, MQTT ... Each module is loaded by the program that needs it.
