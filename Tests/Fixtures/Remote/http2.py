# SPDX-License-Identifier: Apache-2.0
"""A server that speaks HTTP/2 and nothing else (RFC 9113), with a certificate that a private authority signed; both are left
in the folder that is its first argument, the authority's as cert.pem. It answers every request with the body that it was sent.
With `reset` it ends each stream without an answer, with `away` the connection. Prints its port."""
import itertools
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading

DATA, HEADERS, RESET, SETTINGS, PING, AWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, PADDED = 1, 4, 8
folder, kind = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ''
numbers = itertools.count(1)


def sign():
    run = lambda *words: subprocess.run(['openssl', *words], cwd=folder, check=True, capture_output=True)
    run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'cert.pem', '-days', '2', '-subj', '/CN=Private authority')
    run('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'leaf.csr', '-subj', '/CN=localhost')
    with open(folder + '/names', 'w') as names:
        names.write('subjectAltName=DNS:localhost\n')
    run('x509', '-req', '-in', 'leaf.csr', '-CA', 'cert.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'leaf.pem', '-days', '2',
        '-extfile', 'names')


def frame(sort, flags, stream, body=b''):
    return struct.pack('>I', len(body))[1:] + bytes([sort, flags]) + struct.pack('>I', stream) + body


def field(name, value):
    """A literal without indexing and without Huffman codes (RFC 7541, 6.2.2)."""
    return b'\0' + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def exactly(wire, count):
    data = b''
    while len(data) < count:
        more = wire.recv(count - len(data))
        if not more:
            raise OSError('gone')
        data += more
    return data


def respond(wire, number, stream, body):
    if kind == 'reset':
        wire.sendall(frame(RESET, 0, stream, struct.pack('>I', 2)))
    elif kind == 'away':
        wire.sendall(frame(AWAY, 0, 0, struct.pack('>II', 0, 2)))
        raise OSError('away')
    else:
        # 0x88 is `:status: 200` of the static table.
        wire.sendall(frame(HEADERS, END_HEADERS, stream, b'\x88' + field('x-connection', str(number)) + field('x-stream', str(stream))))
        pieces = [body[at:at + 16384] for at in range(0, len(body), 16384)] or [b'']
        for index, piece in enumerate(pieces):
            wire.sendall(frame(DATA, END_STREAM if index + 1 == len(pieces) else 0, stream, piece))


def serve(wire, number):
    exactly(wire, 24)
    wire.sendall(frame(SETTINGS, 0, 0))
    bodies = {}
    while True:
        begin = exactly(wire, 9)
        length, sort, flags = int.from_bytes(begin[:3], 'big'), begin[3], begin[4]
        stream, body = int.from_bytes(begin[5:], 'big') & 0x7FFFFFFF, exactly(wire, length)
        if sort == SETTINGS and not flags & 1:
            wire.sendall(frame(SETTINGS, 1, 0))
        elif sort == PING and not flags & 1:
            wire.sendall(frame(PING, 1, 0, body))
        elif sort == HEADERS:
            bodies[stream] = b''
        elif sort == DATA:
            bodies[stream] += body[1:len(body) - body[0]] if flags & PADDED else body
            for place in (0, stream) if length else ():
                wire.sendall(frame(WINDOW, 0, place, struct.pack('>I', length)))
        elif sort == AWAY:
            return
        if sort in (HEADERS, DATA) and flags & END_STREAM:
            respond(wire, number, stream, bodies.pop(stream))


def safely(plain, number):
    try:
        with context.wrap_socket(plain, server_side=True) as wire:
            if wire.selected_alpn_protocol() == 'h2':
                serve(wire, number)
    except OSError:
        pass


sign()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + '/leaf.pem', folder + '/key.pem')
context.set_alpn_protocols(['h2'])
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
# It ends with whoever started it.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    peer, _ = listener.accept()
    threading.Thread(target=safely, args=(peer, next(numbers)), daemon=True).start()
