# micrOS's module urequests, over the system's HTTP client: get, post and request, and the same for tasks with an `a`.
#
# Each returns (status, body): the body as text, or what its JSON says.

import json as json_module

from micropython import const

from process import cpu

_BODY_MAX = const(16_384)  # bytes of an answer
_BUFFER = const(512)


async def arequest(method, url, data=None, json=None, headers=None, sock_size=_BUFFER, jsonify=False):
    """Send a request; Failure or OSError where there is no answer, ValueError for one that is too long or no JSON."""
    from net import body as bodies  # late: loaded with the first request
    from net.http import Request

    request = Request()
    request.method = method
    request.headers = [f"{name}: {value}" for name, value in (headers or {}).items()]
    if json is not None:
        data = json_module.dumps(json)
        request.headers.append("Content-Type: application/json")
    if data is not None:
        request.body = bodies.Data(data.encode() if isinstance(data, str) else data)
    response = await request.follow(url)
    try:
        body = b""
        buffer = bytearray(min(max(sock_size, 1), _BUFFER))
        while count := await response.readinto(buffer):
            body += buffer[:count]
            if len(body) > _BODY_MAX:
                raise ValueError(f"an answer of more than {_BODY_MAX} bytes")
    finally:
        await response.close()
    text = body.decode()
    return response.status, json_module.loads(text) if jsonify else text


def request(method, url, **options):
    """As arequest(); the caller waits, everybody else goes on."""
    return cpu.block(arequest(method, url, **options))


def get(url, headers=None, sock_size=_BUFFER, jsonify=False):
    return request("GET", url, headers=headers, sock_size=sock_size, jsonify=jsonify)


def post(url, data=None, json=None, headers=None, sock_size=_BUFFER, jsonify=False):
    return request("POST", url, data=data, json=json, headers=headers, sock_size=sock_size, jsonify=jsonify)


def aget(url, headers=None, sock_size=_BUFFER, jsonify=False):
    return arequest("GET", url, headers=headers, sock_size=sock_size, jsonify=jsonify)


def apost(url, data=None, json=None, headers=None, sock_size=_BUFFER, jsonify=False):
    return arequest("POST", url, data=data, json=json, headers=headers, sock_size=sock_size, jsonify=jsonify)


def host_cache():
    """{host: address}: the system asks each time."""
    return {}
