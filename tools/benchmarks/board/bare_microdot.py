# microdot as it is, with the smallest application: what the web server is compared with.
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
