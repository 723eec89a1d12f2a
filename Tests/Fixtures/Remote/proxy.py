# SPDX-License-Identifier: Apache-2.0
"""A proxy on this machine, for targets on this machine: it forwards, and tunnels with CONNECT. Prints its port; with
`NAME:PASSWORD` as argument it wants them. `GET /seen`, asked of itself, says what was asked of it, in JSON."""
import base64
import json
import os
import socket
import sys
import threading
import urllib.parse

WANTED = 'Basic ' + base64.b64encode(sys.argv[1].encode()).decode() if len(sys.argv) > 1 else None
LOCAL = ('127.0.0.1', 'localhost')
seen = []


def head(client):
    data = b''
    while b'\r\n\r\n' not in data:
        more = client.recv(65536)
        if not more:
            return None, None, b''
        data += more
    lines, rest = data.split(b'\r\n\r\n', 1)
    first, *fields = lines.decode('latin-1').split('\r\n')
    return first, [field.split(': ', 1) for field in fields], rest


def say(client, status, body=b'', more=''):
    client.sendall(('HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n' % (status, more, len(body))).encode() + body)


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client):
    first, fields, rest = head(client)
    if first is None:
        return
    verb, target, _ = first.split(' ')
    if target == '/seen':
        return say(client, '200 OK', json.dumps(seen).encode())
    given = {name.lower(): value for name, value in fields}
    seen.append({'verb': verb, 'target': target, 'proxy': given.get('proxy-authorization'), 'own': given.get('authorization')})
    if WANTED and given.get('proxy-authorization') != WANTED:
        return say(client, '407 Proxy Authentication Required', b'', 'Proxy-Authenticate: Basic realm="proxy"\r\n')
    parts = urllib.parse.urlsplit('//' + target if verb == 'CONNECT' else target)
    if parts.hostname not in LOCAL:
        return say(client, '403 Forbidden')
    try:
        server = socket.create_connection(('127.0.0.1', parts.port))
    except OSError:
        return say(client, '502 Bad Gateway')
    if verb == 'CONNECT':
        client.sendall(b'HTTP/1.1 200 Connection established\r\nX-Proxy: tunnel\r\n\r\n')
    else:
        kept = ['%s: %s' % field for field in map(tuple, fields) if not field[0].lower().startswith('proxy-')]
        path = parts.path + ('?' + parts.query if parts.query else '')
        rest = '\r\n'.join(['%s %s HTTP/1.1' % (verb, path)] + kept + ['Connection: close', '', '']).encode() + rest
    if rest:
        server.sendall(rest)
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    pump(server, client)


def safely(client):
    try:
        serve(client)
    finally:
        client.close()


listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
# It ends with whoever started it.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    peer, _ = listener.accept()
    threading.Thread(target=safely, args=(peer,), daemon=True).start()
