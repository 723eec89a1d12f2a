# SPDX-License-Identifier: Apache-2.0
"""A list of invoices over HTTP on this machine, every page made before the first request. Prints its port; ends with its
standard input."""
import http.server
import json
import sys
import threading
import urllib.parse

COUNT, SIZE = int(sys.argv[1]), int(sys.argv[2])


def invoice(number):
    cents = 1000 + number * 7919 % 500_000
    return {
        'id': number, 'number': 'INV-%06d' % number, 'customer_id': 'C%04d' % (number % 2000),
        'customer_name': 'Customer %04d GmbH & Co. KG' % (number % 2000), 'issued_on': '2026-%02d-%02d' % (number % 9 + 1, number % 28 + 1),
        'due_on': '2026-%02d-%02d' % (number % 9 + 2, number % 28 + 1), 'currency': 'EUR', 'total': cents / 100,
        'open': 0 if number % 3 == 0 else cents / 100, 'status': 'paid' if number % 3 == 0 else 'open',
        'updated_at': '2026-10-%02dT%02d:%02d:%02dZ' % (number % 28 + 1, number % 24, number % 60, number // 60 % 60)}


PAGES = -(-COUNT // SIZE)
BODIES = [json.dumps({'items': [invoice(number) for number in range(page * SIZE, min(COUNT, (page + 1) * SIZE))], 'pages': PAGES}).encode()
          for page in range(PAGES)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    # One write for the head and one for the body, both at once.
    wbufsize = 1 << 16

    def log_message(self, *args):
        pass

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        page = int(query.get('page', ['1'])[0])
        body = BODIES[page - 1] if 1 <= page <= PAGES else b'{"items": [], "pages": %d}' % PAGES
        self.send_response_only(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
