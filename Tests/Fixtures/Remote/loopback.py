# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on a wire, by path. Prints its port; with a folder as argument it speaks TLS with a certificate
of its own making, which it leaves there."""
import gzip
import http.server
import ssl
import subprocess
import sys
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body=b'', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split('?')[0]
        if path == '/echo':
            self.answer(200, self.headers.as_string().encode(), [('X-Peer', str(self.client_address[1]))])
        elif path == '/gzip':
            self.answer(200, gzip.compress(b'{"a": 1.10}'), [('Content-Encoding', 'gzip')])
        elif path == '/bomb':
            self.answer(200, gzip.compress(b'0' * 200_000_000, 1), [('Content-Encoding', 'gzip')])
        elif path == '/redirect':
            self.answer(302, b'', [('Location', 'http://127.0.0.1:%d/echo' % self.server.server_address[1])])
        elif path == '/cut':
            self.send_response(200)
            self.send_header('Content-Length', '1000')
            self.end_headers()
            self.wfile.write(b'{"a":')
            self.close_connection = True
        elif path == '/drop':
            self.connection.close()
            self.close_connection = True
        elif path == '/while':
            with self.server.turn:
                self.server.now += 1
                self.server.most = max(self.server.most, self.server.now)
            time.sleep(0.05)
            with self.server.turn:
                self.server.now -= 1
            self.answer(200, b'{}')
        elif path == '/most':
            self.answer(200, b'%d' % self.server.most)
        elif path == '/posts':
            self.answer(200, b'%d' % self.server.posts)
        elif path == '/slow':
            time.sleep(5)
            self.answer(200, b'{}')
        elif path == '/endless':
            self.send_response(200)
            self.send_header('Transfer-Encoding', 'chunked')
            self.end_headers()
            piece = b'%x\r\n%s\r\n' % (65536, b'0' * 65536)
            try:
                while True:
                    self.wfile.write(piece)
            except OSError:
                self.close_connection = True
        elif path == '/headers':
            try:
                self.send_response(200)
                for number in range(5000):
                    self.send_header('X-%d' % number, 'y' * 1000)
                self.end_headers()
            except OSError:
                self.close_connection = True
        else:
            self.answer(404, b'{"message": "no such thing"}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.server.posts += 1
        if self.path == '/drop':
            # Taken, and gone before a byte of an answer.
            self.close_connection = True
            return
        self.answer(201, body, [('X-Type', self.headers.get('Content-Type', ''))])


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
server.posts = server.now = server.most = 0
server.turn = threading.Lock()
if len(sys.argv) > 1:
    folder = sys.argv[1]
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', folder + '/key.pem', '-out',
                    folder + '/cert.pem', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
# It ends with whoever started it.
sys.stdin.read()
