# Plain microdot with the smallest application: the reference for the web server.
#
# usage: bare_microdot PORT

import sys

sys.path.append("/mnt/shared")


async def __main__(args):
    from microdot import Microdot

    app = Microdot()

    @app.route("/")
    async def index(request):
        return "Hello, world!"

    await app.start_server(port=int(args[0]))
