# SPDX-License-Identifier: Apache-2.0
"""Between Tieout and a Tryton: passes every call on, notes what was asked, and kills the asker where a test wants it."""
import http.client
import http.server
import json
import threading
import time
import urllib.parse

SHORT = {
    'common.db.login': 'login', 'model.party.party.search_read': 'customers', 'model.account.invoice.search_read': 'invoices',
    'model.account.move.line.search_read': 'move lines', 'model.account.move.search_read': 'look for it',
    'wizard.account.invoice.pay.create': 'pay, begun', 'wizard.account.invoice.pay.execute': 'pay'}


def name(call):
    """A call in a word or two, with its place in a list."""
    method, params = call.get('method', '?'), call.get('params', [])
    word = SHORT.get(method, method)
    text = json.dumps(params)
    if word == 'customers' and '"receivable"' in text:
        word = 'balances'
    elif word == 'move lines':
        word = 'payments' if 'invoice_payment' in text else 'due days'
    elif word == 'pay' and len(params) > 2:
        word = 'pay: %s' % params[2]
    if method.endswith('search_read') and len(params) > 1 and params[1]:
        word += ' from %s' % params[1]
    return word


class Kill:
    """Where the asker dies: at call `number`, counted from 1 among those that `fits` knows, before Tryton sees it or after it
    has answered."""
    def __init__(self, number, after, fits=lambda word: True):
        self.number, self.after, self.fits = number, after, fits


class Wire:
    """`calls`: of the run in hand, `[word, seconds, answered]` each."""
    def __init__(self, target):
        self.target = urllib.parse.urlsplit(target)
        self.lock = threading.Lock()
        self.begin(None)
        handler = type('Handler', (Passing,), {'wire': self})
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = 'http://127.0.0.1:%d%s' % (self.server.server_address[1], self.target.path)

    def begin(self, victim, kill=None):
        with self.lock:
            self.victim, self.kill, self.calls, self.began, self.seen = victim, kill, [], time.time(), 0

    def asked(self, word):
        """The call's place, and whether the asker is dead before it was passed on."""
        with self.lock:
            self.calls.append([word, time.time() - self.began, False])
            fits = self.kill and self.kill.fits(word)
            self.seen += bool(fits)
            hit = bool(fits and self.seen == self.kill.number)
        if hit and not self.kill.after:
            self.slay()
            return len(self.calls) - 1, True, False
        return len(self.calls) - 1, False, hit

    def answered(self, place, hit):
        if hit:
            self.slay()
            return False
        with self.lock:
            if place < len(self.calls):
                self.calls[place][2] = True
        return True

    def slay(self):
        if self.victim:
            self.victim.kill()
            self.victim.wait()

    def where(self):
        """Where the run in hand is now, in words."""
        with self.lock:
            if not self.calls:
                return 'before the first call', 'start'
            word, _, done = self.calls[-1]
            kind = word.split(' from ')[0]
            if done:
                return 'after the answer to %s' % word, kind + ', answered'
            return 'during %s' % word, kind


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', '0')))
        try:
            word = name(json.loads(body))
        except ValueError:
            word = '?'
        place, dead, hit = self.wire.asked(word)
        if dead:
            self.close_connection = True
            return
        link = http.client.HTTPConnection(self.wire.target.hostname, self.wire.target.port, timeout=600)
        kept = {key: value for key, value in self.headers.items() if key.lower() not in ('host', 'connection', 'content-length')}
        link.request('POST', self.path, body, kept)
        answer = link.getresponse()
        data = answer.read()
        link.close()
        if not self.wire.answered(place, hit):
            self.close_connection = True
            return
        try:
            self.send_response_only(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in ('connection', 'transfer-encoding', 'content-length', 'server', 'date'):
                    self.send_header(key, value)
            self.send_header('Content-Length', str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            # The asker is gone.
            self.close_connection = True
