# SPDX-License-Identifier: Apache-2.0
"""Every shipped REST mapping against a server that answers in its vendor's shape, with the vendor's paging, tokens and
limits, and with trouble on the way.

    replay.py BINARY FIXTURES    FIXTURES is a folder with published examples: xero, stripe, mollie, businesscentral,
                                 exact-synthetic

For each system: a first sync in which a token expires between pages, a 429 with Retry-After, a 503 and a cut body are
got over; a second sync that changes nothing; and a third that asks for changes only, where the system can say so."""
import copy
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.parse

COUNT, PAGE = 250, 100


def load(folder, name):
    return json.loads((pathlib.Path(folder) / name).read_text())


def many(record, count, **keys):
    """The published record again and again, each with an id and a number of its own."""
    result = []
    for number in range(count):
        one = copy.deepcopy(record)
        for key, form in keys.items():
            one[key] = form % number
        result.append(one)
    return result


def page_number(key, page='page', info=True):
    def answer(query, records, base):
        number = int(query.get(page, '1'))
        part = records[(number - 1) * PAGE:number * PAGE]
        body = {key: part, 'DateTimeUTC': '/Date(%d)/' % (1552326816230 + number)}
        if info:
            body['pagination'] = {'page': number, 'pageSize': PAGE, 'pageCount': max(1, -(-len(records) // PAGE))}
        return body
    return answer


def has_more(query, records, base):
    ids = [record['id'] for record in records]
    start = ids.index(query['starting_after']) + 1 if 'starting_after' in query else 0
    return {'object': 'list', 'data': records[start:start + PAGE], 'has_more': start + PAGE < len(records)}


def next_link(wrap, link, param='skip'):
    def answer(query, records, base):
        start = int(query.get(param, '0'))
        more = start + PAGE < len(records)
        return wrap(records[start:start + PAGE], link(base, start + PAGE) if more else None)
    return answer


def systems(folder):
    xero = load(folder, 'xero/invoices.get.json')['Invoices']
    notes = load(folder, 'xero/creditnotes.get.json')['CreditNotes']
    paid = load(folder, 'xero/payments.get.json')['Payments']
    stripe, customer = load(folder, 'stripe/invoice.json'), load(folder, 'stripe/customer.json')
    mollie = load(folder, 'mollie/payments.list.json')['_embedded']['payments'][0]
    sales = load(folder, 'mollie/sales-invoices.list.json')['_embedded']['sales_invoices'][0]
    exact = load(folder, 'exact-synthetic/receivables.page1.json')['d']['results']
    central = load(folder, 'businesscentral/salesInvoice.get.json')
    hal = lambda name: next_link(
        lambda part, url: {'count': len(part), '_embedded': {name: part}, '_links': {'next': url and {'href': url}}},
        lambda base, start: '%s?limit=250&skip=%d' % (base, start))
    odata2 = next_link(
        lambda part, url: {'d': dict({'results': part}, **({'__next': url} if url else {}))},
        lambda base, start: '%s?$select=ID&skip=%d' % (base, start))
    odata4 = next_link(
        lambda part, url: dict({'value': part}, **({'@odata.nextLink': url} if url else {})),
        lambda base, start: '%s?skip=%d' % (base, start))
    mollie_paid = dict(mollie, status='paid', paidAt='2024-02-12T12:00:00+00:00')
    oauth = {'CLIENT_ID': 'me', 'CLIENT_SECRET': 'client-secret', 'REFRESH_TOKEN': 'RT0'}
    return {
        'xero': dict(secrets=oauth, config={'base': '%s/api', 'login': '%s', 'tenant': 't1'}, lists={
            '/api/Contacts': (page_number('Contacts'), []),
            '/api/Invoices': (page_number('Invoices'), many(xero[0], COUNT, InvoiceID='i%d', InvoiceNumber='INV-%d')),
            '/api/CreditNotes': (page_number('CreditNotes'), many(notes[0], 3, CreditNoteID='c%d', CreditNoteNumber='CN-%d')),
            '/api/Payments': (page_number('Payments'), many(paid[0], 7, PaymentID='p%d')),
        }, since='If-Modified-Since', header='xero-tenant-id'),
        'stripe': dict(secrets={'KEY': 'AT0'}, config={'base': '%s'}, lists={
            '/v1/customers': (has_more, many(customer, 3, id='cus_%d')),
            '/v1/invoices': (has_more, many(stripe, COUNT, id='in_%d')),
        }),
        'mollie': dict(secrets={'KEY': 'AT0'}, config={'base': '%s'}, lists={
            '/v2/sales-invoices': (hal('sales_invoices'), many(sales, 3, id='inv_%d')),
            '/v2/payments': (hal('payments'), many(mollie_paid, COUNT, id='tr_%d') + [mollie]),
        }),
        'exact-online': dict(secrets=oauth, config={'base': '%s', 'division': '7'}, lists={
            '/api/v1/7/crm/Accounts': (odata2, [{'Code': '               400', 'Name': 'K', 'Modified': '/Date(1757980812347)/'}]),
            '/api/v1/7/cashflow/Receivables': (odata2, many(exact[0], COUNT, ID='r%d', InvoiceNumber='267%05d')),
        }, since='$filter', slow_tokens=True),
        'business-central': dict(secrets=oauth, config={'base': '%s', 'login': '%s', 'company': 'c1'}, lists={
            '/companies(c1)/customers': (odata4, []),
            '/companies(c1)/salesInvoices': (odata4, many(central, COUNT, id='b%d', number='PS-%d')),
            '/companies(c1)/salesCreditMemos': (odata4, []),
        }, since='$filter'),
    }


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, system, trouble):
        super().__init__(('127.0.0.1', 0), Handler)
        self.system, self.trouble = system, trouble
        self.tokens = self.count = 0
        self.asked, self.wrong, self.since = [], [], []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body, headers=()):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        server = self.server
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers['Content-Length'])).decode()))
        if form.get('grant_type') == 'refresh_token' and form.get('refresh_token') != 'RT%d' % server.tokens:
            server.wrong.append('an old refresh token was used')
            return self.answer(400, {'error': 'invalid_grant'})
        server.tokens += 1
        answer = {'access_token': 'AT%d' % server.tokens, 'expires_in': 600}
        if form.get('grant_type') == 'refresh_token':
            answer['refresh_token'] = 'RT%d' % server.tokens
        self.answer(200, answer)

    def do_GET(self):
        server, system = self.server, self.server.system
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        server.count += 1
        if self.headers.get('Authorization') != 'Bearer AT%d' % server.tokens:
            return self.answer(401, {'message': 'the token has expired'})
        if 'header' in system and not self.headers.get(system['header']):
            server.wrong.append('the header %s is missing' % system['header'])
        path = urllib.parse.unquote(url.path)
        if path not in system['lists']:
            server.wrong.append('nobody should ask for ' + path)
            return self.answer(404, {})
        kind = server.trouble.pop(server.count, None)
        if kind == 'expire' and 'REFRESH_TOKEN' in system['secrets'] and not system.get('slow_tokens'):
            server.expired = True
            return self.answer(401, {'message': 'expired'})
        if kind == 429:
            return self.answer(429, {'message': 'slow down'}, [('Retry-After', '1')])
        if kind == 503:
            return self.answer(503, {'message': 'maintenance'})
        if kind == 'cut':
            self.send_response(200)
            self.send_header('Content-Length', '5000')
            self.end_headers()
            self.wfile.write(b'{"value": [')
            self.close_connection = True
            return
        shape, records = system['lists'][path]
        server.asked.append(path)
        if 'since' in system and query.get('page', '1') == '1' and 'skip' not in query:
            server.since.append(self.headers.get(system['since']) or query.get(system['since']) or '')
        base = 'http://127.0.0.1:%d%s' % (server.server_address[1], url.path)
        self.answer(200, shape(query, records, base))


def run(binary, folder, name, server):
    config = server.system['config']
    origin = 'http://127.0.0.1:%d' % server.server_address[1]
    values = ', '.join('%s: "%s"' % (key, value % origin if '%s' in value else value) for key, value in config.items())
    (folder / 'tieout.yaml').write_text(
        'companies:\n  - id: acme\n    home_currency: EUR\n    authority: source\n    sources:\n'
        '      - { id: book, mapping: %s, config: { %s } }\n' % (name, values))
    env = dict(os.environ)
    for key, value in server.system['secrets'].items():
        env['TIEOUT_SECRET_BOOK_' + key] = value
    out = subprocess.run([binary, 'sync', '--json'], cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    text = out.stdout + out.stderr
    for secret in list(server.system['secrets'].values()) + ['RT1', 'AT1']:
        if len(secret) > 3 and secret in text:
            server.wrong.append('the output holds a secret')
    if out.returncode not in (0, 2):
        server.wrong.append('exit %d: %s' % (out.returncode, text[-600:]))
        return {}
    answer = json.loads(out.stdout)
    streams = answer['sources'][0]['streams']
    for stream in streams:
        if stream['left_out']:
            server.wrong.append('%s left out %d: %s' % (stream['stream'], stream['left_out'], stream['faults'][:1]))
    return {stream['stream']: stream for stream in streams}


def main(binary, fixtures):
    binary = os.path.abspath(binary)
    failed = False
    for name, system in systems(fixtures).items():
        with tempfile.TemporaryDirectory() as folder:
            server = Server(system, {1: 429, 2: 503, 4: 'cut', 6: 'expire'})
            threading.Thread(target=server.serve_forever, daemon=True).start()
            first = run(binary, pathlib.Path(folder), name, server)
            asked = len(server.since)
            second = run(binary, pathlib.Path(folder), name, server)
            total = sum(stream['records'] for stream in first.values())
            wanted = sum(len(records) for _, records in system['lists'].values())
            if total != wanted:
                server.wrong.append('%d records came of %d' % (total, wanted))
            for stream in second.values():
                for entity, count in stream['documents'].items():
                    if count['new'] or count['changed']:
                        server.wrong.append('a second sync changed %s: %s' % (entity, count))
            if 'since' in system and server.since[:asked] == server.since[asked:]:
                server.wrong.append('the second sync asked for everything again')
            retries = sum(stream['retries'] for stream in first.values())
            if retries < 3:
                server.wrong.append('the trouble on the way was not met (%d retries)' % retries)
            print('%s: %s, %d records, %d retries, %d token calls' % (
                name, 'FAILS' if server.wrong else 'passes', total, retries, server.tokens))
            for line in server.wrong[:5]:
                print('  ' + line)
            failed = failed or bool(server.wrong)
            server.shutdown()
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
