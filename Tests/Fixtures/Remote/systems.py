# SPDX-License-Identifier: Apache-2.0
"""Every system that has a REST mapping, as a server on this machine: the vendor's paths, paging, tokens and errors.

    systems.py SYSTEM [FIXTURES]     prints its port and serves until its standard input ends

FIXTURES is a folder with the vendors' published examples; where it has one, a bill is that example with the bill's own
id, number, amounts and dates. A test steers it with one JSON object a line: the bills, the page's size, the trouble
(`{"2": "expire"}`: what the second list request from here meets); it answers with a line of what was asked so far."""
import base64
import copy
import datetime
import gzip
import hashlib
import http.server
import json
import pathlib
import re
import sys
import threading
import time
import urllib.parse
import zlib
from xml.etree import ElementTree
from xml.sax.saxutils import escape

REFUSAL = 'Refused by rule 7'


def iso(ms, form='%Y-%m-%dT%H:%M:%SZ'):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime(form)


def epoch(text):
    text = text.strip().strip("'\"")
    form = '%Y-%m-%d' if len(text) == 10 else '%Y-%m-%dT%H:%M:%S'
    moment = datetime.datetime.strptime(text[:19], form)
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def euros(cents):
    return '%s%d.%02d' % ('-' if cents < 0 else '', abs(cents) // 100, abs(cents) % 100)


def number(cents):
    return cents / 100


# The published key of RFC 7515, A.2, and the thumbprint of the tests' certificate for it.
MODULUS = int(
    'a1f8160ae2e3c9b465ce8d2d656263362b927dbe29e1f02477fc1625cc90a136e38bd93497c5b6ea63dd7711e67c7429f956b0fb8a8f089a'
    'dc4b69893cc1333f53edd019b87784252fec914fe4857769594bea4280d32c0f55bf62944f130396bc6e9bdf6ebdd2bda3678eeca0c668f7'
    '01b38dbffb38c8342ce2fe6d27fade4a5a4874979dd4b9cf9adec4c75b05852c2c0f5ef8a5c1750392f944e8ed64c110c6b647609aa4783a'
    'eb9c6c9ad755313050638b83665c6f6f7a82a396702a1f641b82d3ebf2392219491fb686872c5716f50af8358d9a8b9d17c340728f7f87d8'
    '9a18d8fcab67ad84590c2ecf759339363c07034d6f606f9e21e05456cae5e9a1', 16)
THUMBPRINT = '1TEL6r3pKysDiTR--_2WlfKl4V3Vzz_8UI469Y3s0UU'


def unpacked(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def opened(signature):
    return pow(int.from_bytes(signature, 'big'), 65537, MODULUS).to_bytes(256, 'big')


def pkcs1_holds(message, signature):
    """RFC 8017, 8.2.2."""
    info = bytes.fromhex('3031300d060960864801650304020105000420') + hashlib.sha256(message).digest()
    return opened(signature) == b'\0\1' + b'\xff' * (253 - len(info)) + b'\0' + info


def pss_holds(message, signature):
    """RFC 8017, 9.1.2, with SHA-256 throughout and a salt of as many bytes."""
    whole = opened(signature)
    masked, seed = whole[:223], whole[223:255]
    mask = b''.join(hashlib.sha256(seed + bytes([0, 0, 0, count])).digest() for count in range(7))[:223]
    block = bytes(left ^ right for left, right in zip(masked, mask))
    block = bytes([block[0] & 0x7f]) + block[1:]
    salt = block[-32:]
    expected = hashlib.sha256(b'\0' * 8 + hashlib.sha256(message).digest() + salt).digest()
    return whole[255] == 0xbc and block[:-32] == b'\0' * 190 + b'\1' and seed == expected


def cents(amount):
    return round(float(amount) * 100)


def claims(bills):
    return [bill for bill in bills if bill['total'] >= 0]


def credits(bills):
    """What is owed to the customer: a total below nothing."""
    return [bill for bill in bills if bill['total'] < 0]


class Description:
    """The vendor's own OpenAPI description: what is asked and what is answered here is held against it."""

    # What OData itself defines (Part 2, 5.1), and the link to a next page.
    ODATA = {'$filter', '$select', '$orderby', '$expand', '$top', '$skip', '$count', 'skip'}

    def __init__(self, file, base, is_whole):
        self.spec = json.loads(gzip.decompress(file.read_bytes()))
        self.base, self.is_whole = base, is_whole
        # The plain paths before those with a place for anything.
        paths = sorted(self.spec['paths'], key=lambda path: (path.count('{'), path))
        self.paths = [(re.compile(re.sub(r'\\\{[^}]*\\\}', "[^/()]+", re.escape(path))), path) for path in paths]
        self.known = {}

    def resolved(self, node):
        while '$ref' in node:
            name = node['$ref'].split('/')[1:]
            node = self.spec
            for step in name:
                node = node[step]
        return node

    def operation(self, verb, path):
        if (verb, path) not in self.known:
            self.known[verb, path] = self.find(verb.lower(), path[len(self.base):])
        return self.known[verb, path]

    def find(self, verb, path):
        for pattern, template in self.paths:
            item = self.spec['paths'][template]
            if verb in item and pattern.fullmatch(path):
                return item[verb], [self.resolved(one) for one in item[verb].get('parameters', []) + item.get('parameters', [])]

    def of_request(self, verb, path, query, headers):
        found = self.operation(verb, path)
        if not found:
            return ['no operation %s %s in the description' % (verb, path)] if self.is_whole else []
        names = {one['name'] for one in found[1] if one['in'] == 'query'} | (set() if self.is_whole else self.ODATA)
        wrong = ['no parameter %s of %s in the description' % (name, path) for name in query if name not in names]
        return wrong + ['no header %s for %s' % (one['name'], path) for one in found[1]
                        if one['in'] == 'header' and one.get('required') and not headers.get(one['name'])]

    def of_record(self, path, record, example):
        """Fields that the description of the list's records does not have, or has as something else."""
        found = self.operation('GET', path)
        if not found:
            return []
        schema = self.resolved(found[0]['responses']['200']['content']['application/json']['schema'])
        lists = [self.resolved(one['items']) for one in map(self.resolved, schema['properties'].values())
                 if one.get('type') == 'array' and '$ref' in one['items']]
        known = next((one['properties'] for one in lists if set(record) & set(one.get('properties', {}))), {})
        kinds = {'string': str, 'number': (int, float), 'integer': int, 'boolean': bool, 'array': list, 'object': dict}
        wrong = [name for name in record if name not in known and name not in example]
        for name, value in record.items():
            kind = kinds.get(self.resolved(known.get(name, {})).get('type'))
            if kind and value is not None and not isinstance(value, kind):
                wrong.append('%s = %r' % (name, value))
        return ['not in the description of %s: %s' % (path, name) for name in wrong]


class Statement:
    """What a vendor's OpenAPI description says of the requests we send and of the records they bring, in a file of ours."""

    KINDS = {'string': str, 'number': (int, float), 'integer': int, 'boolean': bool, 'array': list, 'object': dict}

    def __init__(self, name):
        file = pathlib.Path(__file__).parent / 'descriptions' / (name + '.json')
        self.paths = json.loads(file.read_text())['paths']

    def operation(self, verb, path):
        asked = '%s %s' % (verb, path)
        return self.paths.get(asked) or next(
            (entry for name, entry in self.paths.items() if name.endswith('*') and asked.startswith(name[:-1])), None)

    def of_request(self, verb, path, query, headers):
        found = self.operation(verb, path)
        if not found:
            return ['no operation %s %s in the description' % (verb, path)]
        # A list is asked for as `expand[]`.
        names = {name.split('[')[0] for name in query}
        return ['no parameter %s of %s in the description' % (name, path) for name in names - set(found['query'].split())]

    def of_body(self, verb, path, body):
        """Names that the description of what is sent does not have, and those it wants; `a[b]` stands for a field in a field."""
        known = (self.operation(verb, path) or {}).get('body', '').split()
        names = set(urllib.parse.parse_qs(body['_text'])) if '_text' in body else set(self.names(body))
        wanted = {name.rstrip('!') for name in known if name.endswith('!')}
        wrong = ['no field %s of %s in the description' % (name, path) for name in names - {name.rstrip('!') for name in known}]
        return wrong + ['%s wants %s' % (path, name) for name in wanted - names]

    def names(self, body):
        for name, value in body.items():
            for inner in self.names(value) if isinstance(value, dict) else ['']:
                first, *rest = inner.split('[')
                yield name + ('[%s]' % first if first else '') + ''.join('[' + one for one in rest)

    def of_record(self, path, record, example):
        kinds = {name: kind for kind, names in (self.operation('GET', path) or {}).get('record', {}).items() for name in names.split()}
        wrong = [name for name in record if name not in kinds and name not in example]
        wrong += ['%s = %r' % (name, value) for name, value in record.items() if name in kinds and not self.fits(kinds[name], value)]
        return ['not in the description of %s: %s' % (path, name) for name in wrong]

    def fits(self, kind, value):
        if value is None:
            return kind.endswith('?')
        known = [self.KINDS[name] for name in kind.rstrip('?').split('|')]
        return any(isinstance(value, one) and (one is bool or not isinstance(value, bool)) for one in known)


class System:
    """How one vendor lists, pages, names and refuses."""
    auth = 'key'
    token_path = None
    config = {'base': '%s'}
    # The vendor's description, where the paths begin, and whether it has all of them; or the name of our statement of it.
    described = None
    xml = False
    session_status = 401
    # The form field of a signed statement, the grant it stands beside, its algorithm and its subject.
    statement = None
    # The longest that it may be good for, in seconds.
    statement_lives = 180

    def __init__(self, examples):
        self.examples = examples

    def example(self, name, *path):
        """A published record, or nothing to build on."""
        if not self.examples:
            return {}
        file = pathlib.Path(self.examples) / name
        if not file.exists():
            return {}
        node = json.loads(file.read_text())
        for step in path:
            node = node[step]
        return copy.deepcopy(node)

    def fields(self, path):
        """Of the published example of a record: it may have more than the description says."""
        return {}

    def description(self):
        if isinstance(self.described, str):
            return Statement(self.described)
        if self.examples and self.described:
            name, base, is_whole = self.described
            file = pathlib.Path(self.examples) / 'openapi-mini' / (name + '.ar-subset.openapi.json.gz')
            return Description(file, base, is_whole) if file.exists() else None

    def refusal(self):
        return 403, {'error': {'message': REFUSAL}}

    def since(self, handler, query, body):
        """The moment that the request asks from, in milliseconds; None for everything."""

    def records(self, path, bills, since):
        """The stream's whole list, or None where there is nothing at that path."""

    def page(self, part, start, total, more, base, query, size):
        raise NotImplementedError

    def start(self, query, body):
        return int(query.get('skip', '0'))

    # Whose system this is: what is open there now.
    server = None
    # Cents by customer that it counts and no bill shows; None where it is not asked what each owes.
    surplus = None
    # Its customers: id, name, email, phone, country, changed; the numbers of their invoices may name others.
    people = ()
    # Payments that people booked there by hand: id, bill (None: on account), customer, cents, day, changed, back, cleared.
    receipts = ()

    def owed(self, bills):
        """Customer and cents, of each that owes something."""
        if self.surplus is None:
            return []
        sums = dict(self.surplus)
        for bill in bills:
            sums[bill['customer']] = sums.get(bill['customer'], 0) + bill['open']
        return sorted((customer, amount) for customer, amount in sums.items() if amount)

    def changed(self, bills, since):
        return [bill for bill in bills if since is None or bill['changed'] > since]

    # -- Documents

    def document(self, verb, path, query, body, headers, elsewhere):
        """What it answers where a bill's document is asked for; None where it is not.

        `elsewhere` is the address of documents on another host."""

    # -- Payments that are written into it

    def write(self, verb, path, query, body, headers, till):
        """What it answers to a write or to the search for one: a status and a body; None where it is neither."""


def document(id):
    return b'%%PDF-1.4\n%% the document of bill %d\n%%%%EOF\n' % int(id)


def packed(id):
    return base64.b64encode(document(id)).decode()


class Till:
    """The payments that a client has written."""
    def __init__(self, server):
        self.server, self.payments = server, []
        # What is entered and not matched with a bill yet, where those are two writes.
        self.entries = []

    def pay(self, key, bill, amount, day):
        """The payment, or None where the bill is not that open, or the system will not."""
        bill = self.server.bill(bill)
        if bill is None or bill['open'] < amount or bill['id'] == self.server.refuses:
            return None
        bill['open'] -= amount
        payment = {'id': len(self.payments) + 1, 'key': key, 'bill': bill['id'], 'cents': amount, 'day': day, 'back': False}
        self.payments.append(payment)
        return payment

    def find(self, key):
        return [payment for payment in self.payments if payment['key'] == key and not payment['back']]

    def entry(self, name, value):
        return next((one for one in self.entries if one[name] == value), None)

    def look(self, entry):
        """Somebody looks at an entry: what was only accepted for it may be done by now."""
        if entry and entry['queued'] and not entry['match']:
            if entry['waits'] > 0:
                entry['waits'] -= 1
                return
            payment = self.pay(entry['key'], entry['queued'], entry['cents'], entry['day'])
            entry['match'] = payment and payment['id']

    def loosen(self):
        """Somebody there takes all matches apart."""
        for entry in self.entries:
            if entry['match']:
                self.take_back(entry['match'])
            entry['match'] = entry['queued'] = None

    def take_back(self, id):
        payment = next(payment for payment in self.payments if payment['id'] == int(id))
        if not payment['back']:
            payment['back'] = True
            next(bill for bill in self.server.bills if bill['id'] == payment['bill'])['open'] += payment['cents']


class Xero(System):
    auth, token_path = 'refresh', '/connect/token'
    described = ('xero.accounting', '/api', True)
    config = {'base': '%s/api', 'login': '%s', 'tenant': 't1'}

    def fields(self, path):
        name = path.rsplit('/', 1)[1]
        return self.example('xero/%s.get.json' % name.lower(), name, 0) if name in ('Invoices', 'Payments') else {}

    def refusal(self):
        return 403, {'Type': None, 'Title': 'Forbidden', 'Status': 403, 'Detail': REFUSAL}

    def since(self, handler, query, body):
        text = handler.headers.get('If-Modified-Since')
        return epoch(text) if text else None

    def records(self, path, bills, since):
        balances = [{'ContactID': customer, 'Balances': {'AccountsReceivable': {'Outstanding': number(amount), 'Overdue': 0.0}}}
                    for customer, amount in self.owed(bills) if self.by_name]
        payments = [self.receipt(one) for one in self.changed(self.receipts, since)]
        notes = [self.credit(bill) for bill in self.changed(credits(bills), since)]
        if path == '/api/Contacts' and not self.by_name:
            balances = [{'ContactID': one['id'], 'Name': one['name'], 'EmailAddress': one['email'], 'AccountNumber': 'N-' + one['id'],
                         'UpdatedDateUTC': self.ms(one['changed'])} for one in self.changed(self.people, since)]
        lists = {'/api/Contacts': balances, '/api/CreditNotes': notes, '/api/Payments': payments}
        if path == '/api/Invoices':
            return [self.bill(bill) for bill in self.changed(claims(bills), since)]
        return lists.get(path)

    def bill(self, bill):
        record = self.example('xero/invoices.get.json', 'Invoices', 0)
        record.update(
            InvoiceID='i%d' % bill['id'], InvoiceNumber=bill['number'], Type='ACCREC', Date=self.ms(bill['day']),
            DueDate=self.ms(bill['day']), CurrencyCode='EUR', Total=number(bill['total']), AmountDue=number(bill['open']),
            Contact={'ContactID': bill['customer'], 'Name': bill['customer']}, UpdatedDateUTC=self.ms(bill['changed']),
            Status='PAID' if bill['open'] == 0 else 'AUTHORISED')
        return record

    def credit(self, bill):
        return {
            'CreditNoteID': 'n%d' % bill['id'], 'CreditNoteNumber': bill['number'], 'Type': 'ACCRECCREDIT', 'Date': self.ms(bill['day']),
            'CurrencyCode': 'EUR', 'Total': number(-bill['total']), 'RemainingCredit': number(-bill['open']),
            'Contact': {'ContactID': bill['customer'], 'Name': bill['customer']}, 'UpdatedDateUTC': self.ms(bill['changed']),
            'Status': 'AUTHORISED' if bill['open'] else 'PAID'}

    def receipt(self, one):
        record = self.example('xero/payments.get.json', 'Payments', 0)
        record.update(
            PaymentID='h%d' % one['id'], Date=self.ms(one['day']), Amount=number(one['cents']), Reference='by hand', PaymentType='ACCRECPAYMENT',
            Status='DELETED' if one['back'] else 'AUTHORISED', UpdatedDateUTC=self.ms(one['changed']),
            Invoice={'InvoiceID': 'i%d' % one['bill'], 'CurrencyCode': 'EUR', 'Contact': {'ContactID': one['customer'], 'Name': one['customer']}})
        return record

    def write(self, verb, path, query, body, headers, till):
        found = re.match(r'Reference=="([^"]*)" AND Status=="AUTHORISED"', query.get('where', ''))
        if verb == 'GET' and path == '/api/Payments' and found:
            return 200, {'Payments': [{'PaymentID': 'p%d' % one['id']} for one in till.find(found[1])]}
        if verb == 'PUT' and path == '/api/Payments':
            key, asked = headers.get('Idempotency-Key'), body['Payments'][0]
            payment = (till.find(key) or [None])[0] or till.pay(
                key, asked['Invoice']['InvoiceID'], cents(asked['Amount']), asked['Date'])
            if payment and asked['Reference'] == key:
                return 200, {'Payments': [{'PaymentID': 'p%d' % payment['id'], 'StatusAttributeString': 'OK'}]}
            # With summarizeErrors=false what is wrong is said inside an answer that is fine.
            return 200, {'Payments': [{'StatusAttributeString': 'ERROR', 'HasValidationErrors': True,
                                       'ValidationErrors': [{'Message': REFUSAL}]}]}
        found = re.match(r'/api/Payments/p(\d+)$', path)
        if verb == 'POST' and found and body == {'Status': 'DELETED'}:
            till.take_back(found[1])
            return 200, {'Payments': [{'PaymentID': 'p' + found[1], 'Status': 'DELETED', 'HasValidationErrors': False}]}

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.match(r'/api/Invoices/i(\d+)$', path)
        if found:
            is_whole = headers.get('Accept') == 'application/pdf' and headers.get('xero-tenant-id') == 't1'
            return 200, document(found[1]) if is_whole else {'Invoices': []}

    @staticmethod
    def ms(moment):
        return '/Date(%d+0000)/' % moment

    def start(self, query, body):
        self.by_name = query.get('order') == 'Name ASC'
        return (int(query.get('page', '1')) - 1) * int(query.get('_size', '1'))

    def page(self, part, start, total, more, base, query, size):
        name = base.rsplit('/', 1)[1]
        return {name: part, 'pagination': {'page': start // size + 1, 'pageSize': size, 'pageCount': max(1, -(-total // size))}}


class Stripe(System):
    described = 'stripe'

    def fields(self, path):
        return self.example('stripe/%s.json' % path.rsplit('/', 1)[1].rstrip('s'))

    def refusal(self):
        return 403, {'error': {'type': 'invalid_request_error', 'message': REFUSAL}}

    def records(self, path, bills, since):
        if path == '/v1/invoices':
            return [self.bill(bill) for bill in claims(bills)]
        if path == '/v1/credit_notes':
            return [self.credit(bill, bills) for bill in credits(bills)]
        if path == '/v1/invoice_payments':
            return [self.receipt(one) for one in self.receipts] + [self.written(one) for one in self.server.till.payments]
        return [self.person(one) for one in self.people] if path == '/v1/customers' else None

    def person(self, one):
        return {'id': one['id'], 'object': 'customer', 'name': one['name'], 'email': one['email'], 'phone': one['phone'],
                'address': {'country': one['country']}}

    def credit(self, bill, bills):
        """Of before the payment: it has lowered what is left of the customer's first invoice."""
        record = self.example('stripe/credit_note.json')
        invoice = next(one for one in bills if one['customer'] == bill['customer'])
        record.update(
            id='cn_%d' % bill['id'], number=bill['number'], customer=bill['customer'], created=bill['day'] // 1000,
            effective_at=bill['day'] // 1000, currency='eur', amount=-bill['total'], total=-bill['total'], type='pre_payment', status='issued',
            invoice={'id': 'in_%d' % invoice['id'], 'number': invoice['number']} if self.expands else 'in_%d' % invoice['id'])
        return record

    def receipt(self, one):
        record = self.example('stripe/invoice_payment.json')
        record.update(
            id='inpay_%d' % one['id'], invoice='in_%d' % one['bill'], amount_paid=None if one['back'] else one['cents'],
            amount_requested=one['cents'], currency='eur', created=one['day'] // 1000, status='canceled' if one['back'] else 'paid',
            payment={'type': 'payment_intent', 'payment_intent': 'pi_%d' % one['id']},
            status_transitions={'canceled_at': None, 'paid_at': one['day'] // 1000})
        return record

    # -- Payments outside of Stripe: reported, attached to an invoice, listed among its payments

    def written(self, one):
        record = self.receipt(dict(one, id=9000 + one['id'], day=epoch(one['day'])))
        record['payment'] = {'type': 'payment_record', 'payment_record': 'pr_' + one['key']}
        return record

    def once(self, path, headers):
        """A key is good for one request."""
        key = headers.get('Idempotency-Key')
        self.keys = getattr(self, 'keys', {})
        if not key or self.keys.setdefault(key, path) != path:
            self.server.wrong.append('no key of its own for %s' % path)
        return key

    def write(self, verb, path, query, body, headers, till):
        if headers.get('Stripe-Version') is None and verb == 'GET':
            return None
        form = dict(urllib.parse.parse_qsl(body.get('_text', '')))
        if headers.get('Stripe-Version', '') < '2025-10-29':
            self.server.wrong.append('%s needs a version that has payment records' % path)
        if verb == 'GET' and path == '/v1/invoice_payments':
            return 200, {'object': 'list', 'data': self.attached(query, till), 'has_more': False}
        if path == '/v1/payment_records/report_payment':
            self.reports = getattr(self, 'reports', {})
            key = form['metadata[tieout]']
            fits = (self.once(path, headers) == key + '-record' and form['outcome'] == 'guaranteed' and form['amount_requested[currency]'] == 'eur'
                    and form['initiated_at'] == form['guaranteed[guaranteed_at]'] and form['payment_method_details[custom][display_name]'] == '1200'
                    and form['processor_details[custom][payment_reference]'] == key)
            self.reports['pr_' + key] = form
            return (200, {'id': 'pr_' + key, 'object': 'payment_record'}) if fits else (400, {'error': {'message': 'Invalid request'}})
        found = re.match(r'/v1/invoices/(in_\d+)/attach_payment$', path)
        if found:
            record = form['payment_record']
            key, report = record[3:], self.reports[record]
            payer = self.server.bill(found[1])['customer']
            if self.once(path, headers) != key + '-attach' or report['customer_details[customer]'] != payer:
                return 400, {'error': {'message': 'Invalid request'}}
            if not till.find(key):
                day = iso(int(report['initiated_at']) * 1000, '%Y-%m-%d')
                if not till.pay(key, found[1], int(report['amount_requested[value]']), day):
                    return 400, {'error': {'type': 'invalid_request_error', 'message': REFUSAL}}
            return 200, self.bill(self.server.bill(found[1]))

    def attached(self, query, till):
        """An invoice's payments that were made outside."""
        rows = []
        for one in till.payments:
            record = self.written(one)
            if record['invoice'] == query['invoice'] and query.get('payment[payment_record]', 'pr_' + one['key']) == 'pr_' + one['key']:
                if query.get('expand[]') == 'data.payment.payment_record':
                    record['payment']['payment_record'] = {'id': 'pr_' + one['key'], 'metadata': {'tieout': one['key']}}
                rows.append(record)
        return rows

    def bill(self, bill):
        record = self.example('stripe/invoice.json')
        record.update(
            id='in_%d' % bill['id'], number=bill['number'], customer=bill['customer'], customer_name=bill['customer'],
            created=bill['day'] // 1000, due_date=bill['day'] // 1000, currency='eur', total=bill['total'],
            amount_remaining=bill['open'], status='open' if bill['open'] else 'paid')
        return record

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.match(r'/v1/invoices/in_(\d+)$', path)
        if found:
            return 200, dict(self.bill(self.server.bill(found[1])), invoice_pdf=elsewhere + found[1])

    def start(self, query, body):
        self.expands = query.get('expand[]') == 'data.invoice'
        return query.get('starting_after', 0)

    def page(self, part, start, total, more, base, query, size):
        return {'object': 'list', 'data': part, 'has_more': more}


class Mollie(System):
    described = 'mollie'

    def fields(self, path):
        name = path.rsplit('/', 1)[1]
        return self.example('mollie/%s.list.json' % name, '_embedded', name.replace('-', '_'), 0)

    def refusal(self):
        return 403, {'status': 403, 'title': 'Forbidden', 'detail': REFUSAL}

    def records(self, path, bills, since):
        if path == '/v2/sales-invoices':
            return [self.bill(bill) for bill in bills]
        newest = sorted(self.receipts, key=lambda one: -one['changed'])
        return [self.receipt(one) for one in newest] if path == '/v2/payments' else None

    def receipt(self, one):
        record = self.example('mollie/payments.list.json', '_embedded', 'payments', 0)
        record.update(
            id='tr_%d' % one['id'], status='failed' if one['back'] else 'paid', amount={'value': euros(one['cents']), 'currency': 'EUR'},
            description='Invoice 26%05d' % one['bill'], createdAt=iso(one['changed']), paidAt=iso(one['day']))
        return record

    def bill(self, bill):
        record = self.example('mollie/sales-invoices.list.json', '_embedded', 'sales_invoices', 0)
        amount = lambda cents: {'value': euros(cents), 'currency': 'EUR'}
        record.update(
            id='inv_%d' % bill['id'], invoiceNumber=bill['number'], recipientIdentifier=bill['customer'],
            recipient={'type': 'consumer', 'givenName': bill['customer'], 'familyName': 'Visser', 'email': 'a@example.com'},
            issuedAt=iso(bill['day']), dueAt=iso(bill['day']), amountDue=amount(bill['open']), totalAmount=amount(bill['total']),
            status='paid' if not bill['open'] else 'overdue' if bill['id'] % 2 else 'issued')
        paid = [one for one in self.receipts if one['bill'] == bill['id'] and not one['back']]
        if paid and not bill['open']:
            record['paymentDetails'] = [{'source': 'payment', 'sourceReference': 'tr_%d' % one['id']} for one in paid]
        for one in self.server.till.payments:
            if one['bill'] == bill['id']:
                record['paymentDetails'] = [{'source': 'manual', 'sourceReference': None if self.server.forgets else one['key']}]
        return record

    def write(self, verb, path, query, body, headers, till):
        found = re.match(r'/v2/sales-invoices/inv_(\d+)$', path)
        if verb != 'PATCH' or not found:
            return None
        key, bill, details = headers.get('Idempotency-Key'), self.server.bill(found[1]), body['paymentDetails']
        fits = body['status'] == 'paid' and details == {'source': 'manual', 'sourceReference': key} and bill['open'] > 0
        if fits and till.pay(key, bill['id'], bill['open'], None):
            return 200, self.bill(self.server.bill(found[1]))
        return 422, {'status': 422, 'title': 'Unprocessable Entity', 'detail': REFUSAL}

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.match(r'/v2/sales-invoices/inv_(\d+)$', path)
        if found:
            links = {'pdfLink': {'href': elsewhere + found[1], 'type': 'application/pdf'}}
            return 200, dict(self.bill(self.server.bill(found[1])), _links=links)

    def start(self, query, body):
        return int(query.get('from', '0'))

    def page(self, part, start, total, more, base, query, size):
        name = base.rsplit('/', 1)[1].replace('-', '_')
        link = {'href': '%s?limit=250&from=%d' % (base, start + size)} if more else None
        return {'count': len(part), '_embedded': {name: part}, '_links': {'next': link}}


class OData2(System):
    """`d: { results, __next }` with a token that only the server understands."""
    def refusal(self):
        return 403, {'error': {'code': '', 'message': {'lang': 'en', 'value': REFUSAL}}}

    def start(self, query, body):
        return int(query.get('$skiptoken', "'0'").strip("'"))

    def page(self, part, start, total, more, base, query, size):
        link = {'__next': "%s?$skiptoken='%d'" % (base, start + size)} if more else {}
        return {'d': dict({'results': part}, **link)}


class Exact(OData2):
    auth, token_path = 'refresh', '/api/oauth2/token'
    config = {'base': '%s', 'division': '7'}

    def since(self, handler, query, body):
        found = re.search(r"Modified gt datetime'([^']*)'", query.get('$filter', ''))
        return epoch(found[1]) if found else None

    def records(self, path, bills, since):
        if path == '/api/v1/7/cashflow/Receivables':
            # Lines of bank and cash entries are receivables like any other.
            return [self.bill(bill) for bill in self.changed(bills, since)] + [
                self.receipt(one) for one in self.changed(self.receipts, since) if not one['back']]
        if path == '/api/v1/7/read/financial/AgingReceivablesList':
            return [{'AccountId': 'g' + customer, 'AccountCode': customer.rjust(18), 'CurrencyCode': 'EUR', 'TotalAmount': number(amount)}
                    for customer, amount in self.owed(bills)]
        return [self.person(one) for one in self.changed(self.people, since)] if path == '/api/v1/7/crm/Accounts' else None

    def person(self, one):
        return {'ID': 'g' + one['id'], 'Code': one['id'].rjust(18), 'Name': one['name'], 'Email': one['email'], 'Phone': one['phone'],
                'Country': one['country'] + ' ', 'Language': 'NL', 'VATNumber': None, 'Modified': '/Date(%d)/' % one['changed']}

    def document(self, verb, path, query, body, headers, elsewhere):
        asked = query.get('$filter', '')
        found = re.match(r'SalesInvoiceNumber eq (\d+) and Type eq 10$', asked)
        if path == '/api/v1/7/documents/Documents' and found:
            return 200, {'d': {'results': [{'ID': 'd' + found[1]}]}}
        found = re.match(r"Document eq guid'd260*(\d+)'$", asked)
        if path == '/api/v1/7/documents/DocumentAttachments' and found:
            return 200, {'d': {'results': [{'ID': 'a1', 'FileName': 'invoice.pdf', 'Attachment': packed(found[1])}]}}

    def bill(self, bill):
        record = {key: None for key in ('YourRef', 'PaymentReference')}
        if self.examples:
            record = self.example('exact-synthetic/receivables.page1.json', 'd', 'results', 0)
        record.update(
            ID='r%d' % bill['id'], AccountCode=bill['customer'].rjust(18), AccountName=bill['customer'],
            InvoiceNumber=int(bill['number']) if bill['number'] else None, InvoiceDate='/Date(%d)/' % bill['day'],
            DueDate='/Date(%d)/' % bill['day'], Currency='EUR', TransactionAmountFC=number(bill['total']),
            AmountFC=number(-bill['open']), IsFullyPaid=bill['open'] == 0, Modified='/Date(%d)/' % bill['changed'],
            TransactionType=21 if bill['total'] < 0 else 20, TransactionID='t%d' % bill['id'], EntryID='e%d' % bill['id'], EndDate=None,
            Status=20 if bill['open'] else 50, Description=None, Account='g' + bill['customer'], GLAccount='gl-1300', GLAccountCode='1300',
            Journal='70', EntryNumber=7000 + bill['id'], TransactionReportingYear=2026, TransactionReportingPeriod=1)
        return record

    # -- Payments: a bank entry, then a match with the invoice through the XML interface

    def write(self, verb, path, query, body, headers, till):
        place, asked = path.removeprefix('/api/v1/7'), query.get('$filter', '')
        found = re.fullmatch(r"(ID|TransactionID|EntryID|Description) eq (?:guid)?'([^']*)'", asked)
        if path == '/docs/XMLUpload.aspx':
            return self.match(query, ElementTree.fromstring(body['_text']), till)
        if place == '/financialtransaction/BankEntries' and verb == 'POST':
            return self.enter(body, headers, till)
        deleted = re.fullmatch(r"/financialtransaction/BankEntries\(guid'([^']*)'\)", place)
        if deleted and verb == 'DELETE':
            return self.delete(till, till.entry('id', deleted[1]))
        if not found or verb != 'GET' or '$select' not in query:
            return None
        name, value = found[1], found[2]
        if place == '/cashflow/Receivables' and name == 'ID':
            return self.rows([self.bill(bill) for bill in self.server.bills if 'r%d' % bill['id'] == value])
        if place == '/cashflow/Receivables' and name == 'TransactionID':
            entry = till.entry('line', value)
            till.look(entry)
            return self.rows([self.entered(entry)] if entry else [])
        if place in ('/financialtransaction/BankEntryLines', '/financialtransaction/BankEntries'):
            field = {'EntryID': 'id', 'Description': 'key'}[name]
            return self.rows([{'ID': one['line'], 'EntryID': one['id'], 'EntryNumber': one['number'], 'Description': one['key']}
                              for one in till.entries if one[field] == value])

    @staticmethod
    def rows(records):
        return 200, {'d': {'results': records}}

    def entered(self, entry):
        cents = -entry['cents'] if self.server.sign == '' else entry['cents']
        return {'ID': 'k' + entry['line'], 'TransactionID': entry['line'], 'Journal': entry['journal'], 'EntryNumber': entry['number'],
                'TransactionReportingYear': 2026, 'TransactionReportingPeriod': 8, 'TransactionAmountFC': number(cents), 'AmountFC': number(-cents),
                'Status': 50 if entry['match'] else 20}

    def enter(self, body, headers, till):
        line, = body['BankEntryLines']
        if (body['JournalCode'], body['Currency'], line['GLAccount'], headers['Prefer']) != ('1200', 'EUR', 'gl-1300', 'return=representation'):
            self.server.wrong.append('the entry is wrong: %s' % body)
        if not isinstance(line['OurRef'], int) or not line['Date'].endswith('T00:00:00'):
            self.server.wrong.append('the line of the entry is wrong: %s' % line)
        if self.server.shut:
            return 400, {'error': {'code': '', 'message': {'lang': '', 'value': REFUSAL}}}
        self.count = getattr(self, 'count', 0) + 1
        bill = next(one for one in self.server.bills if one['number'] == str(line['OurRef']))
        entry = {'id': 'e%d' % self.count, 'line': 'l%d' % self.count, 'number': 26900 + self.count, 'journal': body['JournalCode'],
                 'key': line['Description'], 'cents': round(line['AmountFC'] * 100), 'day': line['Date'][:10], 'account': line['Account'],
                 'match': None, 'queued': bill['id'] if self.server.itself else None, 'waits': 0}
        till.entries.append(entry)
        return 201, {'d': {'EntryID': entry['id'], 'EntryNumber': entry['number']}}

    def match(self, query, order, till):
        if query != {'Topic': 'MatchSets', '_Division_': '7'}:
            self.server.wrong.append('the match was sent to a wrong place: %s' % query)
        if self.server.gone:
            return 404, '<html><body>Not found</body></html>'
        bill, ours = [dict(line.attrib) for line in order.iter('MatchLine')]
        entry = till.entry('number', int(ours['entry']))
        customer = order.find('.//Account').get('code')
        one = self.server.bill(int(bill['entry']) - 7000)
        if not entry or entry['account'] != 'g' + customer or one['customer'] != customer or order.find('.//GLAccount').get('code') != '1300':
            self.server.wrong.append('the match is wrong')
        if (bill['finyear'], bill['finperiod'], bill['journal'], ours['finyear'], ours['finperiod']) != ('2026', '1', '70', '2026', '8'):
            self.server.wrong.append('the lines of the match are wrong')
        if cents(bill['amountdc']) + cents(ours['amountdc']) or cents(bill['amountdc']) != entry['cents']:
            self.server.wrong.append('the sums of the match are wrong')
        if one['id'] == self.server.refuses:
            return 200, self.message(0, REFUSAL)
        entry['queued'], entry['waits'] = one['id'], self.server.slow
        return 200, self.message(2, 'Imported')

    @staticmethod
    def message(kind, text):
        return ('<?xml version="1.0" encoding="utf-8"?><eExact xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Messages><Message '
                'type="%d"><Topic code="MatchSets" node="MatchSet"/><Date>2026-08-10T00:00:00</Date><Description>%s</Description></Message>'
                '</Messages></eExact>' % (kind, text))

    def delete(self, till, entry):
        if not entry:
            return 404, {'error': {'code': '', 'message': {'lang': '', 'value': 'Resource not found'}}}
        if self.server.final or entry['match']:
            return 400, {'error': {'code': '', 'message': {'lang': '', 'value': 'It cannot be deleted'}}}
        till.entries.remove(entry)
        return 204, None

    def receipt(self, one):
        is_matched = bool(one['bill'] or one['cleared'])
        return {
            'ID': 'k%d' % one['id'], 'AccountCode': one['customer'].rjust(18), 'AccountName': one['customer'],
            'InvoiceNumber': 2600000 + one['bill'] if one['bill'] else None, 'InvoiceDate': '/Date(%d)/' % one['day'],
            'DueDate': '/Date(%d)/' % one['day'], 'Currency': 'EUR', 'TransactionAmountFC': number(-one['cents']),
            'AmountFC': number(one['cents']), 'IsFullyPaid': is_matched, 'Modified': '/Date(%d)/' % one['changed'], 'YourRef': None,
            'PaymentReference': None, 'TransactionType': 40, 'TransactionID': 'b%d' % one['id'], 'Status': 50 if is_matched else 20,
            'EntryID': 'e9%d' % one['id'], 'EndDate': '/Date(%d)/' % one['changed'] if is_matched else None, 'Description': 'by hand'}


class S4(OData2):
    auth = 'basic'
    config = {'base': '%s', 'company_code': '1010', 'user': 'me'}
    service = '/sap/opu/odata/sap/API_OPLACCTGDOCITEMCUBE_SRV/A_OperationalAcctgDocItemCube'
    printing = '/sap/opu/odata/sap/API_BILLING_DOCUMENT_SRV/GetPDF'

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.search(r"BillingDocument eq '(\d+)'$", query.get('$filter', ''))
        if path == self.service and found:
            return 200, {'d': {'results': [{'BillingDocument': found[1]}]}}
        found = re.match(r"'260*(\d+)'$", query.get('BillingDocument', ''))
        if path == self.printing and found:
            return 200, {'d': {'GetPDF': {'BillingDocument': found[0].strip("'"), 'BillingDocumentBinary': packed(found[1])}}}

    def records(self, path, bills, since):
        if path == self.service.rsplit('/', 2)[0] + '/API_BUSINESS_PARTNER/A_BusinessPartner':
            return [self.person(one) for one in self.people]
        if path != self.service:
            return None
        if self.lists == 'clearings':
            return [self.receipt(one) for one in self.receipts if one['cleared'] and not one['bill']]
        if self.lists == 'payments':
            return [self.receipt(one) for one in self.receipts]
        return [self.bill(bill) for bill in bills if bill['open']]

    # -- Payments: a journal entry, then its clearing, which is only accepted

    posting = '/sap/bc/srt/scs_ext/sap/journalentrycreaterequestconfi'
    clearing = '/sap/bc/srt/scs_ext/sap/journalentrybulkclearingreques'

    def write(self, verb, path, query, body, headers, till):
        if path in (self.posting, self.clearing):
            return self.soap(path, ElementTree.fromstring(body['_text']), headers, till)
        asked = query.get('$filter', '')
        value = {name: text for name, text in re.findall(r"(\w+) eq '([^']*)'", asked)}
        if path != self.service or value.get('CompanyCode') != '1010' or value.get('FinancialAccountType') != 'D':
            return None
        if 'DocumentItemText' in value:
            found = [one for one in till.entries if (one['key'], one['customer']) == (value['DocumentItemText'], value['Customer'])]
            return self.rows([self.posted(one) for one in found])
        if 'InvoiceReference' in value and value['InvoiceReference']:
            bill = self.server.bill(int(value['InvoiceReference'][2:]))
            return self.rows([{'AccountingDocument': '1400000077'}] if 0 < bill['open'] < bill['total'] else [])
        document = value.get('AccountingDocument', '')
        if document.startswith('18'):
            bill = self.server.bill(int(document[2:]))
            entry = next((one for one in till.entries if one['match'] and one['queued'] == bill['id']), None)
            cleared = self.cleared(entry) if entry else '' if bill['open'] else '1599999999'
            return self.rows([dict(self.bill(bill), ClearingAccountingDocument=cleared)])
        if document.startswith('14'):
            entry = till.entry('document', document)
            till.look(entry)
            return self.rows([self.posted(entry)] if entry else [])

    @staticmethod
    def rows(records):
        return 200, {'d': {'results': records}}

    @staticmethod
    def cleared(entry):
        return '15' + entry['document'][2:] if entry['match'] else ''

    def posted(self, entry):
        return {
            'CompanyCode': '1010', 'FiscalYear': '2026', 'AccountingDocument': entry['document'], 'AccountingDocumentItem': '2',
            'FinancialAccountType': 'D', 'DocumentItemText': entry['key'], 'AmountInTransactionCurrency': euros(-entry['cents']),
            'TransactionCurrency': 'EUR', 'ClearingAccountingDocument': self.cleared(entry)}

    def soap(self, path, order, headers, till):
        """What either service has in common: who sends, ids that are used once, and faults."""
        wrong = self.server.wrong
        name = 'JournalEntryCreateRequestConfirmation_In' if path == self.posting else 'JournalEntryBulkClearingRequest_In'
        if headers['SOAPAction'] != 'http://sap.com/xi/SAPSCORE/SFIN/%s/%sRequest' % (name, name):
            wrong.append('the action is wrong: %s' % headers['SOAPAction'])
        ids = {one.text for one in order.iter('ID')}
        used = self.used = getattr(self, 'used', set())
        if len(ids) != 1 or max(len(id) for id in ids) > 35 or ids & used and path == self.clearing:
            wrong.append('the ids are wrong: %s' % ids)
        used |= ids
        entry = order.find('.//JournalEntry')
        if entry.findtext('CompanyCode') != '1010' or entry.findtext('CreatedByUser') != 'me':
            wrong.append('the entry is of somebody else')
        if self.server.fault:
            return 500, self.envelope('<soap-env:Fault><faultcode>soap-env:Server</faultcode><faultstring xml:lang="en">%s</faultstring>'
                                      '</soap-env:Fault>' % REFUSAL)
        if path == self.clearing:
            return self.clear(order, till)
        if entry.findtext('ReversalReferenceDocument'):
            return self.reverse(entry, till)
        return self.enter(entry, till)

    @staticmethod
    def envelope(text):
        return ('<?xml version="1.0" encoding="utf-8"?><soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/">'
                '<soap-env:Header/><soap-env:Body>%s</soap-env:Body></soap-env:Envelope>' % text)

    def confirmation(self, document, severity, note):
        """As the service answers: an error has no number, and a note for each of its causes."""
        notes = [note] if severity == 1 else ['Error in document: BKPFF $ 0M32TI1', note]
        items = ''.join('<Item><TypeID>609(RW)</TypeID><SeverityCode>%d</SeverityCode><Note>%s</Note></Item>' % (severity, one) for one in notes)
        return 200, self.envelope(
            '<n0:JournalEntryBulkCreateConfirmation xmlns:n0="http://sap.com/xi/SAPSCORE/SFIN" xmlns:prx="urn:sap.com:proxy:XGJ">'
            '<MessageHeader><UUID>2d656d48-6d1b-1eee-bc82-9fbbd1ef35ff</UUID></MessageHeader><ConfirmationInterfaceOrignName/>'
            '<JournalEntryCreateConfirmation><MessageHeader/><JournalEntryCreateConfirmation><AccountingDocument>%s</AccountingDocument>'
            '<CompanyCode>1010</CompanyCode><FiscalYear>%s</FiscalYear></JournalEntryCreateConfirmation><Log><MaximumLogItemSeverityCode>%d'
            '</MaximumLogItemSeverityCode>%s</Log></JournalEntryCreateConfirmation><Log/></n0:JournalEntryBulkCreateConfirmation>'
            % (document, '2026' if severity == 1 else '0000', severity, items))

    def enter(self, order, till):
        item, debtor = order.find('Item'), order.find('DebtorItem')
        both = lambda name: (item.findtext(name), debtor.findtext(name))
        sums = cents(item.findtext('AmountInTransactionCurrency')), cents(debtor.findtext('AmountInTransactionCurrency'))
        if both('DebitCreditCode') != ('S', 'H') or sum(sums) or sums[0] <= 0 or item.findtext('GLAccount') != '1200':
            self.server.wrong.append('the items of the entry are wrong')
        if order.findtext('AccountingDocumentType') != 'DZ' or order.findtext('OriginalReferenceDocumentType') != 'BKPFF':
            self.server.wrong.append('the head of the entry is wrong')
        # A field of its own that this company code wants.
        if debtor.findtext('BusinessPlace') != '0000':
            self.server.wrong.append('the place of business is not there')
        bill = next(one for one in self.server.bills if one['number'] == debtor.findtext('AssignmentReference'))
        if self.server.shut or bill['id'] == self.server.refuses:
            return self.confirmation('0000000000', 3, REFUSAL)
        self.count = getattr(self, 'count', 0) + 1
        entry = {'document': '14%08d' % (900 + self.count), 'key': debtor.findtext('DocumentItemText'), 'customer': debtor.findtext('Debtor'),
                 'cents': sums[0], 'day': order.findtext('PostingDate'), 'match': None, 'queued': None, 'waits': 0}
        till.entries.append(entry)
        return self.confirmation(entry['document'], 1, 'Document posted successfully')

    def reverse(self, order, till):
        reference = order.findtext('ReversalReferenceDocument')
        entry = till.entry('document', reference[:10])
        if reference[10:] != '10102026' or order.findtext('ReversalReason') != '01':
            self.server.wrong.append('the reversal is wrong')
        if not entry or entry['match'] or self.server.final:
            return self.confirmation('0000000000', 3, 'It cannot be reversed')
        till.entries.remove(entry)
        return self.confirmation('1700000001', 1, 'Document posted successfully')

    def clear(self, order, till):
        if self.server.gone:
            return 403, self.envelope('<soap-env:Fault><faultcode>soap-env:Client</faultcode><faultstring>No authorization</faultstring>'
                                      '</soap-env:Fault>')
        message = next((one.text for one in order.iter('{http://www.w3.org/2005/08/addressing}MessageID')), '')
        if not re.fullmatch('uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', message) or message in self.used:
            self.server.wrong.append('the id of the message is wrong: %s' % message)
        self.used.add(message)
        bill, ours = order.findall('.//APARItems')
        value = lambda item, name: item.findtext(name)
        place = lambda item: tuple(value(item, name) for name in ('AccountType', 'FiscalYear', 'AccountingDocumentItem'))
        entry = till.entry('document', value(ours, 'AccountingDocument'))
        one = self.server.bill(int(value(bill, 'AccountingDocument')[2:]))
        if place(bill) != ('D', '2026', '1') or place(ours) != ('D', '2026', '2') or not entry:
            self.server.wrong.append('the items of the clearing are wrong')
        if {value(bill, 'APARAccount'), value(ours, 'APARAccount'), entry['customer']} != {one['customer']}:
            self.server.wrong.append('the clearing is of another customer')
        entry['queued'], entry['waits'] = one['id'], self.server.slow
        return 202, None

    def start(self, query, body):
        if '$filter' in query:
            wanted = query['$filter']
            self.lists = 'bills' if "eq 'DZ'" not in wanted else 'clearings' if "ClearingAccountingDocument ne ''" in wanted else 'payments'
        return super().start(query, body)

    def person(self, one):
        numbers = {'to_EmailAddress': {'results': [{'EmailAddress': one['email']}]},
                   'to_MobilePhoneNumber': {'results': [{'PhoneNumber': '600', 'InternationalPhoneNumber': one['phone']}]}}
        return {
            'BusinessPartner': one['id'], 'Customer': one['id'], 'BusinessPartnerFullName': one['name'], 'BusinessPartnerCategory': '2',
            'CorrespondenceLanguage': 'NL', 'CreationDate': '/Date(%d)/' % one['changed'], 'LastChangeDate': None,
            'to_BusinessPartnerAddress': {'results': [dict(numbers, Country=one['country'])]}}

    def receipt(self, one):
        return {
            'CompanyCode': '1010', 'FiscalYear': '2026', 'AccountingDocument': '14%08d' % one['id'], 'AccountingDocumentItem': '2',
            'AccountingDocumentType': 'DZ', 'FinancialAccountType': 'D', 'Customer': one['customer'], 'CustomerName': one['customer'],
            'PostingDate': '/Date(%d)/' % one['day'], 'DebitCreditCode': 'H', 'AmountInTransactionCurrency': euros(-one['cents']),
            'TransactionCurrency': 'EUR', 'InvoiceReference': '18%08d' % one['bill'] if one['bill'] else '',
            'InvoiceReferenceFiscalYear': '2026' if one['bill'] else '0000', 'InvoiceItemReference': '1' if one['bill'] else '000',
            'PaymentReference': '', 'AssignmentReference': '', 'ClearingAccountingDocument': '15%08d' % one['id'] if one['cleared'] else '',
            'ClearingDate': '/Date(%d)/' % one['changed'] if one['cleared'] else None}

    def bill(self, bill):
        return {
            'CompanyCode': '1010', 'FiscalYear': '2026', 'AccountingDocument': '18%08d' % bill['id'],
            'AccountingDocumentItem': '1', 'AccountingDocumentType': 'RV', 'FinancialAccountType': 'D',
            'Customer': bill['customer'], 'CustomerName': bill['customer'], 'BillingDocument': bill['number'],
            'DocumentReferenceID': bill['number'], 'DocumentDate': '/Date(%d)/' % bill['day'],
            'PostingDate': '/Date(%d)/' % bill['day'], 'NetDueDate': '/Date(%d)/' % bill['day'],
            'DebitCreditCode': 'H' if bill['total'] < 0 else 'S', 'AmountInTransactionCurrency': euros(bill['total']), 'TransactionCurrency': 'EUR',
            'InvoiceReference': '', 'ClearingAccountingDocument': '', 'IsCleared': False, 'PaymentReference': ''}


class OData4(System):
    def refusal(self):
        return 403, {'error': {'code': 'Forbidden', 'message': REFUSAL}}

    def page(self, part, start, total, more, base, query, size):
        return dict({'value': part}, **({'@odata.nextLink': '%s?skip=%d' % (base, start + size)} if more else {}))


class BusinessCentral(OData4):
    auth, token_path = 'client', '/oauth2/v2.0/token'
    described = ('businesscentral', '', False)
    config = {'base': '%s', 'login': '%s', 'company': 'c1'}
    statement = ('client_assertion', 'client_credentials', 'PS256', 'me')
    statement_lives = 600

    def audience(self, own):
        """The token's own address (Microsoft identity platform, certificate credentials)."""
        return own + self.token_path

    def statement_refusal(self, why):
        codes = {'audience': 700023, 'subject': 700021, 'time': 700024, 'key': 700027}
        return 401, {'error': 'invalid_client', 'error_description': 'AADSTS%d: the client assertion is not accepted' % codes.get(why, 50027)}

    def since(self, handler, query, body):
        found = re.search(r'lastModifiedDateTime gt (\S+)', query.get('$filter', ''))
        return epoch(found[1]) if found else None

    def records(self, path, bills, since):
        if path == '/companies(c1)/salesInvoices':
            return [self.bill(bill) for bill in self.changed(claims(bills), since)]
        if path == '/companies(c1)/salesCreditMemos':
            return [self.credit(bill) for bill in self.changed(credits(bills), since)]
        if path == '/companies(c1)/agedAccountsReceivables':
            total = {'customerNumber': '', 'name': 'Total', 'currencyCode': '', 'balanceDue': 0}
            return [{'customerNumber': customer, 'currencyCode': '', 'balanceDue': number(amount)}
                    for customer, amount in self.owed(bills)] + ([total] if self.surplus is not None else [])
        return [self.person(one) for one in self.changed(self.people, since)] if path == '/companies(c1)/customers' else None

    def person(self, one):
        return {'id': 'g' + one['id'], 'number': one['id'], 'displayName': one['name'], 'type': 'Company', 'email': one['email'],
                'phoneNumber': one['phone'], 'country': one['country'], 'taxRegistrationNumber': '', 'lastModifiedDateTime': iso(one['changed'])}

    def credit(self, bill):
        return {
            'id': 'm%d' % bill['id'], 'number': bill['number'], 'customerNumber': bill['customer'], 'customerName': bill['customer'],
            'creditMemoDate': iso(bill['day'], '%Y-%m-%d'), 'dueDate': iso(bill['day'], '%Y-%m-%d'), 'currencyCode': 'EUR',
            'totalAmountIncludingTax': number(-bill['total']), 'invoiceNumber': '', 'status': 'Open' if bill['open'] else 'Paid',
            'lastModifiedDateTime': iso(bill['changed'])}

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.match(r'/companies\(c1\)/salesInvoices\(b(\d+)\)/pdfDocument/pdfDocumentContent$', path)
        return (200, document(found[1])) if found else None

    def fields(self, path):
        return self.example('businesscentral/salesInvoice.get.json')

    def write(self, verb, path, query, body, headers, till):
        if verb != 'POST':
            return None
        if headers.get('Data-Access-Intent') == 'ReadOnly':
            return 400, {'error': {'code': 'BadRequest', 'message': 'The request only reads'}}
        if path == '/companies(c1)/customerPaymentJournals(1200)/customerPayments':
            bill = next(one for one in till.server.bills if one['number'] == body['appliesToInvoiceNumber'])
            amount = -cents(body['amount'])
            if bill['open'] < amount or amount <= 0 or len(body['externalDocumentNumber']) > 35:
                return 400, {'error': {'code': 'BadRequest', 'message': REFUSAL}}
            # A proposal until the journal is posted.
            self.lines = getattr(self, 'lines', []) + [(body['externalDocumentNumber'], bill['id'], amount, body['postingDate'])]
            return 201, {'id': 'line-%d' % len(self.lines)}
        if path == '/companies(c1)/journals(1200)/Microsoft.NAV.post':
            for line in self.lines:
                till.pay(*line)
            self.lines = []
            return 204, None

    def bill(self, bill):
        record = self.example('businesscentral/salesInvoice.get.json')
        record.update(
            id='b%d' % bill['id'], number=bill['number'], customerNumber=bill['customer'], customerName=bill['customer'],
            invoiceDate=iso(bill['day'], '%Y-%m-%d'), dueDate=iso(bill['day'], '%Y-%m-%d'), currencyCode='EUR',
            totalAmountIncludingTax=number(bill['total']), remainingAmount=number(bill['open']),
            status='Open' if bill['open'] else 'Paid', lastModifiedDateTime=iso(bill['changed']))
        return record


class BusinessOne(OData4):
    auth = 'cookie'
    config = {'base': '%s', 'company': 'BOOKS', 'user': 'me'}

    def since(self, handler, query, body):
        found = re.search(r"UpdateDate ge '([^']*)'", query.get('$filter', ''))
        return epoch(found[1]) - 1 if found else None

    def records(self, path, bills, since):
        if path == '/b1s/v2/Invoices':
            day = lambda bill: bill['changed'] // 86_400_000 * 86_400_000
            return [self.bill(bill) for bill in claims(bills) if since is None or day(bill) > since]
        if path == '/b1s/v2/CreditNotes':
            day = lambda bill: bill['changed'] // 86_400_000 * 86_400_000
            notes = [dict(bill, total=-bill['total'], open=-bill['open']) for bill in credits(bills)]
            return [self.bill(bill) for bill in notes if since is None or day(bill) > since]
        if path == '/b1s/v2/BusinessPartners' and self.asks_balances:
            return [{'CardCode': customer, 'CurrentAccountBalance': number(amount)} for customer, amount in self.owed(bills)]
        if path == '/b1s/v2/IncomingPayments':
            return [self.receipt(one) for one in self.receipts]
        return [self.person(one) for one in self.people] if path == '/b1s/v2/BusinessPartners' else None

    def person(self, one):
        return {'CardCode': one['id'], 'CardName': one['name'], 'EmailAddress': one['email'], 'Cellular': one['phone'], 'Phone1': '600',
                'Country': one['country'], 'FederalTaxID': None, 'UpdateDate': iso(one['changed'], '%Y-%m-%dT00:00:00Z')}

    def write(self, verb, path, query, body, headers, till):
        found = re.match(r"TransferReference eq '([^']*)' and Cancelled eq 'tNO'", query.get('$filter', ''))
        if verb == 'GET' and path == '/b1s/v2/IncomingPayments' and found:
            return 200, {'value': [{'DocEntry': one['id']} for one in till.find(found[1])]}
        if verb == 'POST' and path == '/b1s/v2/IncomingPayments':
            line, = body['PaymentInvoices']
            fits = body['TransferSum'] == line['SumApplied'] and body['TransferAccount'] == '1200' and line['InvoiceType'] == 'it_Invoice'
            payment = fits and till.pay(body['TransferReference'], line['DocEntry'], cents(line['SumApplied']), body['TransferDate'])
            return (201, {'DocEntry': payment['id']}) if payment else (400, {'error': {'code': '-5002', 'message': REFUSAL}})
        found = re.match(r'/b1s/v2/IncomingPayments\((\d+)\)/Cancel$', path)
        if verb == 'POST' and found:
            till.take_back(found[1])
            return 204, None

    def bill(self, bill):
        return {
            'DocEntry': bill['id'], 'DocNum': int(bill['number']) if bill['number'] else None,
            'CardCode': bill['customer'], 'CardName': bill['customer'], 'DocDate': iso(bill['day']),
            'DocDueDate': iso(bill['day']), 'DocCurrency': 'EUR', 'DocTotal': number(bill['total']), 'DocTotalFc': number(0),
            'PaidToDate': number(bill['total'] - bill['open']), 'PaidToDateFC': number(0), 'NumAtCard': None,
            'DocumentStatus': 'bost_Open' if bill['open'] else 'bost_Close', 'Cancelled': 'tNO',
            'UpdateDate': iso(bill['changed'], '%Y-%m-%dT00:00:00Z')}

    def receipt(self, one):
        lines = [{'DocEntry': one['bill'], 'SumApplied': number(one['cents']), 'InvoiceType': 'it_Invoice'}] if one['bill'] else []
        return {
            'DocEntry': 500 + one['id'], 'CardCode': one['customer'], 'CardName': one['customer'], 'DocDate': iso(one['day']), 'DocCurrency': 'EUR',
            'TransferSum': number(one['cents']), 'TransferDate': iso(one['day']), 'TransferReference': 'by hand', 'Remarks': None,
            'Cancelled': 'tYES' if one['back'] else 'tNO', 'PaymentInvoices': lines}

    def start(self, query, body):
        self.asks_balances = query.get('$select') == 'CardCode,CurrentAccountBalance'
        return super().start(query, body)

    def page(self, part, start, total, more, base, query, size):
        # Relative, as the Service Layer writes it.
        link = {'@odata.nextLink': '%s?skip=%d' % (base.rsplit('/', 1)[1], start + size)} if more else {}
        return dict({'value': part}, **link)


class Salesforce(System):
    auth, token_path = 'client', '/services/oauth2/token'
    config = {'base': '%s'}
    statement = ('assertion', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'RS256', 'sync@acme.example')

    def audience(self, own):
        """The login server, not the token's address (Salesforce Help, JWT bearer flow)."""
        return own

    def statement_refusal(self, why):
        words = {'audience': 'audience is invalid', 'subject': "user hasn't approved this consumer", 'time': 'expired authorization code',
                 'key': 'invalid assertion'}
        return 400, {'error': 'invalid_grant', 'error_description': words.get(why, 'invalid assertion')}

    def refusal(self):
        return 403, [{'message': REFUSAL, 'errorCode': 'INSUFFICIENT_ACCESS'}]

    def since(self, handler, query, body):
        found = re.search(r'SystemModstamp > (\S+)', query.get('q', ''))
        return epoch(found[1]) if found else None

    def records(self, path, bills, since):
        if '/query' not in path:
            return None
        if self.table in ('Payment', 'PaymentLineInvoice'):
            return [self.receipt(one) for one in self.changed(self.receipts, since)]
        if self.table == 'CreditMemo':
            notes = [dict(bill, total=-bill['total'], open=-bill['open']) for bill in self.changed(credits(bills), since)]
            return [dict(self.bill(bill), Id='m%d' % bill['id'], CreditDate=iso(bill['day'], '%Y-%m-%d')) for bill in notes]
        return [self.bill(bill) for bill in self.changed(claims(bills), since)] if self.table == 'Invoice' else [
            self.person(one) for one in self.changed(self.people, since)]

    def person(self, one):
        return {'attributes': {'type': 'Account'}, 'Id': one['id'], 'Name': one['name'], 'AccountNumber': 'N-' + one['id'], 'Phone': one['phone'],
                'BillingCountryCode': one['country'], 'SystemModstamp': iso(one['changed'], '%Y-%m-%dT%H:%M:%S.000+0000')}

    def document(self, verb, path, query, body, headers, elsewhere):
        found = re.match(r"SELECT ContentDocument\.LatestPublishedVersionId FROM InvoiceDocument WHERE InvoiceId = 'a(\d+)' AND "
                         "ContentDocumentId != null ORDER BY CreatedDate DESC LIMIT 1$", query.get('q', ''))
        if path == '/services/data/v63.0/query' and found:
            version = {'attributes': {'type': 'ContentDocument'}, 'LatestPublishedVersionId': '068-' + found[1]}
            return 200, {'totalSize': 1, 'done': True, 'records': [{'attributes': {'type': 'InvoiceDocument'}, 'ContentDocument': version}]}
        found = re.match(r'/services/data/v63.0/sobjects/ContentVersion/068-(\d+)/VersionData$', path)
        if found:
            return 200, document(found[1])

    def write(self, verb, path, query, body, headers, till):
        found = re.match(r"SELECT Id FROM Payment WHERE GatewayRefNumber = '([^']*)'$", query.get('q', ''))
        if verb == 'GET' and path == '/services/data/v62.0/query' and found:
            payments = till.find(found[1])
            return 200, {'totalSize': len(payments), 'done': True, 'records': [{'Id': 'p9%d' % one['id']} for one in payments]}
        if verb != 'POST' or path != '/services/data/v62.0/composite':
            return None
        (payment, line), root = body['compositeRequest'], '/services/data/v62.0/sobjects/'
        fits = (body['allOrNone'] is True and payment['url'] == root + 'Payment' and line['url'] == root + 'PaymentLineInvoice'
                and line['body']['PaymentId'] == '@{%s.id}' % payment['referenceId'] and line['body']['Type'] == 'Applied'
                and {name: payment['body'][name] for name in ('Status', 'Type', 'ProcessingMode', 'CurrencyIsoCode')}
                == {'Status': 'Processed', 'Type': 'Sale', 'ProcessingMode': 'External', 'CurrencyIsoCode': 'EUR'}
                and payment['body']['Amount'] == line['body']['Amount'])
        written = fits and till.pay(payment['body']['GatewayRefNumber'], line['body']['InvoiceId'], cents(line['body']['Amount']),
                                    payment['body']['EffectiveDate'][:10])
        answers = [('payment', 'p9'), ('line', 'l9')]
        if written:
            return 200, {'compositeResponse': [
                {'body': {'id': '%s%d' % (mark, written['id']), 'success': True, 'errors': []}, 'httpStatusCode': 201, 'referenceId': name}
                for name, mark in answers]}
        words = ['The transaction was rolled back since another operation in the same transaction failed.', REFUSAL]
        return 200, {'compositeResponse': [
            {'body': [{'message': text, 'errorCode': 'PROCESSING_HALTED'}], 'httpStatusCode': 400, 'referenceId': name}
            for (name, _), text in zip(answers, words)]}

    def receipt(self, one):
        shared = {
            'Amount': number(one['cents']), 'EffectiveDate': iso(one['day']), 'Date': iso(one['day']), 'CurrencyIsoCode': 'EUR',
            'SystemModstamp': iso(one['changed'], '%Y-%m-%dT%H:%M:%S.000+0000')}
        if self.table == 'Payment':
            return dict(shared, Id='p%d' % one['id'], AccountId=one['customer'], Status='Canceled' if one['back'] else 'Processed', Type='Payment')
        return dict(shared, Id='l%d' % one['id'], PaymentId='p%d' % one['id'], InvoiceId='a%d' % one['bill'], Type='Applied')

    def start(self, query, body):
        # The link to the rest of a query names nothing but the query and the place in it.
        rest = query.get('_rest')
        if rest:
            self.table, place, since = rest.split('-')
            self.kept = int(since) if since else None
            return int(place)
        self.table = re.search(r'FROM (\w+)', query.get('q', 'FROM nothing'))[1]
        return 0

    def bill(self, bill):
        return {
            'attributes': {'type': 'Invoice'}, 'Id': 'a%d' % bill['id'], 'DocumentNumber': bill['number'],
            'BillingAccountId': bill['customer'], 'InvoiceDate': iso(bill['day'], '%Y-%m-%d'),
            'DueDate': iso(bill['day'], '%Y-%m-%d'), 'CurrencyIsoCode': 'EUR', 'TotalAmountWithTax': number(bill['total']),
            'Balance': number(bill['open']), 'Status': 'Posted', 'SystemModstamp': iso(bill['changed'], '%Y-%m-%dT%H:%M:%S.000+0000')}

    def page(self, part, start, total, more, base, query, size):
        since = '' if self.asked is None else self.asked
        rest = '/services/data/v62.0/query/01gD-%s-%d-%s' % (self.table, start + size, since)
        return dict({'totalSize': total, 'done': not more, 'records': part}, **({'nextRecordsUrl': rest} if more else {}))


class Tryton(System):
    auth = 'tryton'
    config = {'base': '%s/books', 'user': 'admin'}

    def refusal(self):
        return 200, {'id': 1, 'error': ['UserError', [REFUSAL, '', None]]}

    def since(self, handler, query, body):
        text = json.dumps(body.get('params', []))
        found = re.search(r'"write_date", ">=", (\{[^}]*\})', text)
        if not found:
            return None
        date = json.loads(found[1])
        parts = [date[key] for key in ('year', 'month', 'day', 'hour', 'minute', 'second')]
        moment = datetime.datetime(*map(int, parts), tzinfo=datetime.timezone.utc)
        return int(moment.timestamp() * 1000) - 1

    def records(self, path, bills, since):
        if self.method == 'model.account.invoice.search_read':
            return [self.bill(bill) for bill in self.changed(bills, since)]
        if self.method == 'model.party.party.search_read' and self.fields == ['receivable']:
            # Every bill here is of the party with the id 1.
            total = sum(amount for _, amount in self.owed(bills))
            return [{'id': 1, 'receivable': {'__class__': 'Decimal', 'decimal': euros(total)}}] if total else []
        if self.method == 'model.account.move.line.search_read' and 'invoice_payment' in (self.fields or []):
            return [self.receipt(one) for one in self.changed(self.receipts, since)]
        if self.method == 'model.party.party.search_read':
            return [self.person(one) for one in self.changed(self.people, since)]
        return [] if self.method == 'model.account.move.line.search_read' else None

    def person(self, one):
        part = lambda ms, *names: dict(zip(names, map(int, iso(ms, '%Y %m %d %H %M %S').split())))
        stamp = dict(part(one['changed'], 'year', 'month', 'day', 'hour', 'minute', 'second'), __class__='datetime', microsecond=0)
        return {'id': int(one['id'][1:]), 'code': one['id'], 'name': one['name'], 'phone': '600', 'mobile': one['phone'], 'email': one['email'],
                'lang.': {'id': 1, 'code': 'nl'}, 'tax_identifier.': None, 'write_date': None, 'create_date': stamp}

    def receipt(self, one):
        part = lambda ms, *names: dict(zip(names, map(int, iso(ms, '%Y %m %d %H %M %S').split())))
        stamp = dict(part(one['changed'], 'year', 'month', 'day', 'hour', 'minute', 'second'), __class__='datetime', microsecond=0)
        return {
            'id': 900 + one['id'], 'date': dict(part(one['day'], 'year', 'month', 'day'), __class__='date'),
            'debit': {'__class__': 'Decimal', 'decimal': '0'}, 'credit': {'__class__': 'Decimal', 'decimal': euros(one['cents'])},
            'currency.': {'id': 1, 'code': 'EUR'}, 'party.': {'id': 1, 'name': one['customer']}, 'invoice_payment': one['bill'],
            'description': None, 'write_date': stamp, 'create_date': stamp}

    def bill(self, bill):
        part = lambda ms, *names: dict(zip(names, map(int, iso(ms, '%Y %m %d %H %M %S').split())))
        date = dict(part(bill['day'], 'year', 'month', 'day'), __class__='date')
        stamp = dict(part(bill['changed'], 'year', 'month', 'day', 'hour', 'minute', 'second'), __class__='datetime', microsecond=0)
        decimal = lambda cents: {'__class__': 'Decimal', 'decimal': euros(cents)}
        return {
            'id': bill['id'], 'number': bill['number'], 'party.': {'id': 1, 'name': bill['customer']}, 'invoice_date': date,
            'currency.': {'id': 1, 'code': 'EUR'}, 'total_amount': decimal(bill['total']), 'amount_to_pay': decimal(bill['open']),
            'untaxed_amount': decimal(bill['total']), 'tax_amount': decimal(0), 'reference': None, 'lines_to_pay': [],
            'state': 'posted' if bill['open'] else 'paid', 'write_date': stamp, 'create_date': stamp}

    def document(self, verb, path, query, body, headers, elsewhere):
        if body.get('method') == 'report.account.invoice.execute':
            (id,), _, _ = body['params']
            return 200, {'id': body['id'], 'result': ['pdf', {'__class__': 'bytes', 'base64': packed(id)}, False, 'Invoice']}

    def write(self, verb, path, query, body, headers, till):
        method, params = body.get('method', ''), body.get('params', [])
        answer = lambda result: (200, {'id': body['id'], 'result': result})
        if method.startswith('wizard.') and method.endswith('.create'):
            return answer([41, 'start', 'end'])
        if method == 'wizard.account.invoice.pay.execute':
            _, data, state, context = params
            if state == 'start':
                # The names beside the ids are for a screen.
                defaults = {'payee': 3, 'payee.': {'rec_name': 'C'}, 'company': 1, 'currency': 1}
                return answer({'view': {'state': 'start', 'defaults': defaults}})
            start = data['start']
            fits = state == 'pay' and data['ask'] == {'type': 'partial'} and start['payee'] == 3 and 'payee.' not in start
            day = '%(year)d-%(month)02d-%(day)02d' % start['date']
            payment = fits and start['payment_method'] == 1200 and till.pay(
                start['description'], context['active_id'], cents(start['amount']['decimal']), day)
            return answer({}) if payment else self.refusal()
        if method == 'model.account.move.search_read':
            key = params[0][0][2]
            return answer([{'id': one['id'], 'number': '1'} for one in till.payments if one['key'] == key][:1])
        if method == 'model.account.move.line.search_read' and params[0][0][0] == 'move':
            return answer([{'id': 100 + params[0][0][2]}])
        if method == 'model.account.move.search_count':
            return answer(sum(one['back'] and params[0][0][2] == 'account.move,%d' % one['id'] for one in till.payments))
        if method == 'wizard.account.move.unreconcile_lines.execute':
            self.loose = params[3]['active_id']
            return answer({})
        if method == 'model.res.user.warning.create':
            self.warned = params[0][0]['name']
            return answer([1])
        if method == 'wizard.account.move.cancel.execute':
            if getattr(self, 'warned', None) != 'cancel.17':
                return 200, {'id': body['id'], 'error': ['UserWarning', ['cancel.17', 'It belongs to an invoice', None]]}
            move = params[3]['active_id']
            if params[2] != 'cancel' or self.loose != 100 + move:
                return self.refusal()
            self.warned = None
            till.take_back(move)
            return answer({})

    def start(self, query, body):
        self.method, self.fields = body.get('method', ''), (body.get('params') or [None] * 5)[4:5]
        self.fields = self.fields[0] if self.fields else None
        return int((body.get('params') or [0, 0])[1] or 0)

    def page(self, part, start, total, more, base, query, size):
        return {'id': 1, 'result': part}


class Twinfield(System):
    auth, token_path, xml = 'refresh', '/auth/authentication/connect/token', True
    config = {'cluster': '%s', 'login': '%s', 'office': 'NL1'}
    session_status = 500

    def refusal(self):
        return 200, self.envelope('<browse result="0" msgtype="error" msg="%s"/>' % REFUSAL)

    def records(self, path, bills, since):
        if path != '/webservices/processxml.asmx':
            return None
        if '<type>dimensions</type>' in self.asked_xml:
            return ['<dimension name="%s" shortname="">%s</dimension>' % (escape(one['name'], {'"': '&quot;'}), one['id']) for one in self.people]
        if '<columns code="100">' in self.asked_xml:
            return [self.receipt(one) for one in self.receipts if not one['back'] and self.is_asked(one)]
        status = 'available' if '<from>available</from>' in self.asked_xml else 'proposed'
        return [self.bill(bill, status) for bill in bills if bill['open'] and (bill['id'] % 3 == 0) == (status == 'proposed')]

    def bill(self, bill, status):
        fields = {
            'head.number': '2026%05d' % bill['id'], 'head.date': iso(bill['day'], '%Y%m%d'), 'head.curcode': 'EUR',
            'line.dim2': bill['customer'], 'line.dim2name': bill['customer'], 'line.invnumber': bill['number'] or '',
            'line.datedue': iso(bill['day'], '%Y%m%d'), 'line.valuesigned': euros(bill['total']),
            'line.openvaluesigned': euros(bill['open']), 'line.matchstatus': status}
        return self.row('VRK', bill['id'], fields)

    @staticmethod
    def row(code, id, fields):
        cells = ''.join('<td field="fin.trs.%s" hideforuser="false" type="String">%s</td>' % (name, escape(text))
                        for name, text in fields.items())
        return '<tr>%s<key><office>NL1</office><code>%s</code><number>2026%05d</number><line>1</line></key></tr>' % (cells, code, id)

    def is_asked(self, one):
        """A row of the bank's day book in the state and in the days that were asked for."""
        if '<from>BNK</from>' not in self.asked_xml:
            return False
        if '<from>matched</from>' not in self.asked_xml:
            return not one['bill'] and not one['cleared']
        days = re.search(r'matchdate</field>.*?<from>(\d{8})</from><to>(\d{8})</to>', self.asked_xml)
        return bool(one['bill'] or one['cleared']) and days[1] <= iso(one['changed'], '%Y%m%d') <= days[2]

    def receipt(self, one):
        is_matched = bool(one['bill'] or one['cleared'])
        return self.row('BNK', one['id'], {
            'head.code': 'BNK', 'head.number': '2026%05d' % one['id'], 'head.date': iso(one['day'], '%Y%m%d'), 'head.curcode': 'EUR',
            'line.dim2': one['customer'], 'line.dim2name': one['customer'],
            'line.invnumber': '26%05d' % one['bill'] if one['bill'] else '', 'line.valuesigned': euros(-one['cents']),
            'line.openvaluesigned': euros(0 if is_matched else -one['cents']), 'line.matchnumber': str(one['id']) if is_matched else '',
            'line.matchdate': iso(one['changed'], '%Y%m%d') if is_matched else '',
            'line.matchstatus': 'matched' if is_matched else 'available'})

    # -- Payments: an entry in a day book, then its match with a bill

    def write(self, verb, path, query, body, headers, till):
        text = body.get('_text', '')
        inner = re.search(r'<xmlRequest><!\[CDATA\[(.*)\]\]></xmlRequest>', text, re.S)
        if path == '/webservices/matching.asmx':
            return self.undo_match(ElementTree.fromstring(text), headers, till)
        if not inner or path != '/webservices/processxml.asmx':
            return None
        order = ElementTree.fromstring(inner[1])
        value = lambda name: order.findtext('.//' + name)
        if order.tag == 'read':
            return self.inner(self.read(value('code'), value('number'), till))
        if order.tag == 'transaction' and order.get('action') == 'delete':
            return self.inner(self.delete(value('code'), value('number'), order.get('reason'), till))
        if order.tag == 'transaction':
            return self.inner(self.enter(order, till))
        if order.tag == 'match':
            return self.inner(self.match(order, till))
        asked = {column.findtext('field')[8:]: (column.findtext('from'), column.findtext('to')) for column in order
                 if column.findtext('ask') == 'true'}
        if order.get('code') == '030_3' or 'head.number' in asked:
            return self.inner(self.rows(order, asked, till))

    def inner(self, text):
        return 200, self.envelope(text)

    def read(self, code, number, till):
        """A transaction with its lines; one that does not exist is an empty one with an error."""
        bill = self.server.bill(int(number[4:])) if code == 'VRK' else None
        entry = next((one for one in till.entries if code == 'BNK' and one['number'] == number), None)
        if bill:
            return self.transaction('VRK', number, 'final', [
                self.line('total', 1, '1300', bill['customer'], 'debit', bill['total'], bill['open']),
                self.line('detail', 2, '8000', '', 'credit', bill['total'], None)])
        if entry:
            return self.transaction('BNK', number, 'final' if self.server.final else entry['location'], [
                self.line('total', 1, '1100', '', 'debit', entry['cents'], None),
                self.line('detail', 2, '1300', entry['customer'], 'credit', entry['cents'], 0 if entry['match'] else entry['cents'])])
        return '<transaction result="0" msgtype="error" msg="De boeking bestaat niet."/>'

    @staticmethod
    def transaction(code, number, location, lines):
        return ('<transaction result="1" location="%s"><header><office name="One" shortname="One">NL1</office><code name="Day book" '
                'shortname="Book">%s</code><number>%s</number></header><lines>%s</lines></transaction>'
                % (location, code, number, ''.join(lines)))

    @staticmethod
    def line(kind, id, ledger, customer, side, cents, left):
        status = 'notmatchable' if left is None else 'available' if left else 'matched'
        rest = '' if left is None else '<openvalue>%s</openvalue>' % euros(left)
        return ('<line type="%s" id="%d"><dim1 name="An account" type="BAS">%s</dim1><dim2>%s</dim2><debitcredit>%s</debitcredit>'
                '<value>%s</value>%s<matchstatus>%s</matchstatus></line>'
                % (kind, id, ledger, customer, side, euros(cents), rest, status))

    def enter(self, order, till):
        wrong = self.server.wrong
        total, line = order.findall('lines/line')
        if (order.get('raisewarning'), order.findtext('header/code'), order.findtext('header/office')) != ('true', 'BNK', 'NL1'):
            wrong.append('the head of the entry is wrong')
        if [total.get('type'), total.findtext('debitcredit'), line.get('type'), line.get('id'), line.findtext('debitcredit'),
                line.findtext('dim1')] != ['total', 'debit', 'detail', '2', 'credit', '1300']:
            wrong.append('the lines of the entry are wrong')
        if total.findtext('value') != line.findtext('value') or order.findtext('header/currency') != 'EUR':
            wrong.append('the sums of the entry are wrong')
        if len(line.findtext('description')) > 40:
            wrong.append('the description is too long')
        if self.server.shut:
            return ('<transaction destiny="temporary" result="0"><header result="0"><date msgtype="warning" msg="%s" result="0">'
                    '20260810</date></header></transaction>' % REFUSAL)
        day = order.findtext('header/date')
        self.entered = getattr(self, 'entered', 0) + 1
        entry = {'number': '2026%05d' % (900 + self.entered), 'key': line.findtext('description'), 'customer': line.findtext('dim2'),
                 'invoice': line.findtext('invoicenumber'), 'cents': cents(line.findtext('value')),
                 'day': '%s-%s-%s' % (day[:4], day[4:6], day[6:]), 'location': order.get('destiny'), 'match': None}
        till.entries.append(entry)
        return self.read('BNK', entry['number'], till)

    def match(self, order, till):
        ours, bill = order.findall('set/lines/line')
        place = lambda line: tuple(line.findtext(name) for name in ('transcode', 'transnumber', 'transline'))
        entry = next((one for one in till.entries if place(ours) == ('BNK', one['number'], '2')), None)
        code, number, row = place(bill)
        if order.findtext('set/matchcode') != '170' or (code, row) != ('VRK', '1') or order.findtext('set/office') != 'NL1':
            self.server.wrong.append('the match is wrong')
        payment = entry and not entry['match'] and cents(bill.findtext('matchvalue')) == entry['cents'] and till.pay(
            entry['key'], int(number[4:]), entry['cents'], entry['day'])
        if not payment:
            return ('<match result="0"><set result="0"><lines result="0"><line msgtype="error" msg="%s" result="0"/></lines></set></match>'
                    % REFUSAL)
        entry['match'] = payment['id']
        return ('<match result="1"><set result="1"><office>NL1</office><matchcode name="Debiteuren afletteren">170</matchcode>'
                '<dimensions><dimension level="2" matchnumber="%d">%s</dimension></dimensions><value>0.00</value></set></match>'
                % (payment['id'], entry['customer']))

    def rows(self, order, asked, till):
        """Lines of customers: by a customer, or by the number of their transaction as well."""
        if asked['head.status'] != ('normal', None):
            self.server.wrong.append('only some rows are asked for')
        found = [one for one in till.entries if asked['line.dim2'] == (one['customer'], one['customer'])
                 and asked.get('head.number', (one['number'], one['number'])) == (one['number'], one['number'])]
        has_text = order.get('code') == '030_3'
        rows = []
        for one in found:
            fields = {'head.code': 'BNK', 'head.number': one['number'], 'line.dim2': one['customer']}
            if has_text:
                fields['line.description'] = one['key']
            else:
                fields['line.matchstatus'] = 'matched' if one['match'] else 'available'
                fields['line.matchnumber'] = str(one['match'] or '')
            cells = ''.join('<td field="fin.trs.%s" hideforuser="false" type="String">%s</td>' % pair for pair in fields.items())
            rows.append('<tr>%s<key><office>NL1</office><code>BNK</code><number>%s</number><line>2</line></key></tr>' % (cells, one['number']))
        return '<browse result="1" first="1" last="%d" total="%d">%s</browse>' % (len(rows), len(rows), ''.join(rows))

    def undo_match(self, envelope, headers, till):
        call = next(node for node in envelope.iter() if node.tag.endswith('}UndoMatch'))
        value = {node.tag.split('}')[1]: node.text for node in call}
        if (value['office'], value['dimensionType']) != ('NL1', 'DEB') or 'UndoMatch' not in headers['SOAPAction']:
            self.server.wrong.append('the match was undone in a wrong way')
        for entry in till.entries:
            if entry['match'] == int(value['matchNumber']) and entry['customer'] == value['dimension']:
                till.take_back(entry['match'])
                entry['match'] = None
        return 200, ('<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
                     '<UndoMatchResponse xmlns="http://www.twinfield.com/"><UndoMatchResult/></UndoMatchResponse></soap:Body></soap:Envelope>')

    def delete(self, code, number, reason, till):
        entry = next(one for one in till.entries if code == 'BNK' and one['number'] == number)
        # As it answers in the tests of php-twinfield.
        if self.server.final or entry['location'] == 'final' or entry['match']:
            return ('<transaction action="delete" reason="%s" msgtype="error" msg="De status van de boeking moet Concept zijn." result="0"/>'
                    % reason)
        till.entries.remove(entry)
        return '<transaction action="delete" reason="%s" result="1"/>' % reason

    def start(self, query, body):
        self.asked_xml = body.get('_text', '')
        return 0

    def page(self, part, start, total, more, base, query, size):
        root = 'dimensions' if '<type>dimensions</type>' in self.asked_xml else 'browse'
        return self.envelope('<%s result="1" first="1" last="%d" total="%d">%s</%s>' % (root, len(part), total, ''.join(part), root))

    @staticmethod
    def envelope(text):
        return ('<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
                '<soap:Body><ProcessXmlStringResponse xmlns="http://www.twinfield.com/"><ProcessXmlStringResult>%s'
                '</ProcessXmlStringResult></ProcessXmlStringResponse></soap:Body></soap:Envelope>' % escape(text))


SYSTEMS = {
    'xero': Xero, 'stripe': Stripe, 'mollie': Mollie, 'exact-online': Exact, 'sap-s4': S4, 'sap-b1': BusinessOne,
    'business-central': BusinessCentral, 'salesforce': Salesforce, 'tryton': Tryton, 'twinfield': Twinfield}


# -- The server

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, name, examples):
        super().__init__(('127.0.0.1', 0), Handler)
        self.system = SYSTEMS[name](examples)
        self.system.server = self
        self.description = self.system.description()
        self.bills, self.size, self.tokens, self.lock = [], 10, 0, threading.RLock()
        self.expired = False
        self.till = Till(self)
        self.reset({})

        self.permission = None
        self.used = set()

    def reset(self, order):
        self.bills = [dict({'number': None}, **bill) for bill in order.get('bills', self.bills)]
        self.size = order.get('size', self.size)
        self.trouble = {int(key): value for key, value in order.get('trouble', {}).items()}
        # What every list request from this one on meets.
        self.lasting = order.get('lasting')
        self.extra = order.get('extra', {})
        self.system.surplus = order.get('surplus')
        # What whoever asks for a document meets.
        self.papers = order.get('papers')
        self.system.receipts = order.get('receipts', self.system.receipts)
        self.system.people = order.get('customers', self.system.people)
        # The write whose answer is lost, and the one that is lost itself, counted from here.
        self.lost, self.unseen, self.writes = order.get('lost'), order.get('unseen'), 0
        # The bill that it takes no payment for; whether it drops the reference of a payment.
        self.refuses, self.forgets = order.get('refuses'), order.get('forgets', False)
        # The token dies before this one of the requests about payments.
        self.expires, self.turns = order.get('expires'), 0
        # Whether it takes no entry at all; whether somebody made all entries final.
        self.shut, self.final = order.get('shut', False), order.get('final', False)
        # How many looks see nothing of what was accepted; whether it matches by itself, by what an entry bears.
        self.slow, self.itself = order.get('slow', 0), order.get('itself', False)
        # Whether the second write is not to be had any more; whether a service is out of order; which sign lowers a debt.
        self.gone, self.fault, self.sign = order.get('gone', False), order.get('fault', False), order.get('sign', '')
        if order.get('loose'):
            self.till.loosen()
        self.other = order.get('other', 'https://elsewhere.example/')
        # Its clock, in milliseconds; the machine's where a test does not say.
        self.now = order.get('now')
        self.statements = 0
        self.asked, self.count, self.wrong, self.since, self.fresh = [], 0, [], [], 0

    def bill(self, id):
        """By its id in any form: 3, `3` or `in_3`."""
        return next((one for one in self.bills if str(one['id']) == re.sub(r'^\D+', '', str(id))), None)

    @property
    def credentials(self):
        kind = self.system.auth
        if kind in ('refresh', 'client'):
            return 'Bearer AT-%d-secret' % self.tokens
        if kind == 'basic':
            return 'Basic ' + base64.b64encode(b'me:very-secret').decode()
        if kind == 'tryton':
            return 'Session ' + base64.b64encode(b'admin:7:key-%d-secret' % self.tokens).decode()
        return 'Bearer very-secret'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body, headers=()):
        data = b'' if body is None else body.encode() if isinstance(body, str) else body
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        # Without a date: the moment of a run is the test's own clock.
        self.send_response_only(status)
        is_xml = isinstance(body, str) and (self.server.system.xml or body.startswith('<?xml'))
        kind = 'text/xml; charset=utf-8' if is_xml else 'application/json'
        for name, value in [('Content-Type', kind), ('Content-Length', str(len(data)))] + list(headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.handle_one(None)

    def do_POST(self):
        self.handle_one(self.rfile.read(int(self.headers.get('Content-Length', '0'))).decode())

    def do_DELETE(self):
        self.handle_one(None)

    do_PUT = do_PATCH = do_POST

    def handle_one(self, text):
        server, url = self.server, urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        path = urllib.parse.unquote(url.path)
        with server.lock:
            if path == '/_other':
                server.wrong.append('a redirect was followed')
                return self.answer(200, {})
            if path.startswith('/_document/'):
                return self.hand_out(path.rsplit('/', 1)[1])
            if server.system.auth == 'refresh' and query.get('response_type') == 'code':
                return self.allow(query)
            if path == server.system.token_path:
                return self.token(dict(urllib.parse.parse_qsl(text or '')))
            body = self.body(text)
            if path == '/b1s/v2/Login' or body.get('method') == 'common.db.login':
                return self.login(body)
            if not self.is_known():
                return self.refuse_token()
            if server.description:
                server.wrong += server.description.of_request(self.command, path, query, self.headers)
                if body and isinstance(server.description, Statement):
                    server.wrong += server.description.of_body(self.command, path, body)
            if self.write(path, query, body) or self.document(path, query, body):
                return
            server.count += 1
            kind = server.trouble.pop(server.count, None) or server.lasting
        if kind and self.trouble(kind):
            return
        with server.lock:
            self.list(path, query, body, kind)

    def document(self, path, query, body):
        """True when it was asked for a document, and answered."""
        server = self.server
        elsewhere = 'http://localhost:%d/_document/' % server.server_address[1]
        if server.papers == 'inside':
            elsewhere = 'https://169.254.169.254/'
        answer = server.system.document(self.command, path, query, body, self.headers, elsewhere)
        if answer is None:
            return False
        kind, server.papers = server.papers, None if server.papers in ('expire', 'busy', 'down') else server.papers
        if kind == 'web':
            answer = 200, '<!DOCTYPE html><html><body>Sign in to the hotel network</body></html>'
        elif kind == 'missing':
            answer = 404, {'message': 'no document'}
        elif kind == 'moved':
            # Good for half a minute, for whoever knows the address (Moneybird's `download_pdf`).
            id = re.search(r'(\d+)\D*$', path)[1]
            self.answer(302, None, [('Location', elsewhere + id)])
            return True
        elif kind == 'round':
            self.answer(302, None, [('Location', elsewhere + 'round')])
            return True
        elif kind and kind != 'inside':
            return self.trouble(kind)
        self.answer(*answer)
        return True

    def hand_out(self, id):
        """A document on another host: nobody's credentials have any business there."""
        if any(self.headers.get(name) for name in ('Authorization', 'Cookie', 'xero-tenant-id')) or 'secret' in str(self.headers):
            self.server.wrong.append('credentials went to another host')
        if id == 'round':
            return self.answer(302, None, [('Location', self.path)])
        self.answer(200, document(id))

    def write(self, path, query, body):
        """True when it was a write, or the search for one, and is answered or lost."""
        server = self.server
        before = copy.deepcopy((server.till.payments, server.till.entries, server.bills))
        answer = server.system.write(self.command, path, query, body, self.headers, server.till)
        if answer is None:
            return False
        server.turns += 1
        if server.turns == server.expires:
            server.till.payments, server.till.entries, server.bills = before
            server.expired = True
            self.refuse_token()
            return True
        if self.command != 'GET' and (server.till.payments, server.till.entries) != before[:2]:
            server.writes += 1
            if server.unseen == server.writes:
                server.till.payments, server.till.entries, server.bills = before
            if server.writes in (server.unseen, server.lost):
                self.close_connection = True
                return True
        self.answer(*answer)
        return True

    def body(self, text):
        if text and text.lstrip().startswith('{'):
            return json.loads(text)
        return {'_text': text} if text else {}

    # -- Who asks

    def allow(self, query):
        """What a person who allows it in a browser leads to: back to the client with a code (RFC 6749, 4.1.2)."""
        server = self.server
        if query.get('client_id') != 'me' or query.get('code_challenge_method') != 'S256' or not query.get('state'):
            server.wrong.append('the permission was asked for in a wrong way')
            return self.answer(400, {'error': 'invalid_request'})
        server.permission = dict(query, code='allowed-%d' % server.tokens)
        back = urllib.parse.urlencode({'code': server.permission['code'], 'state': query['state']})
        self.answer(302, {}, [('Location', query['redirect_uri'] + '?' + back)])

    def is_allowed(self, form):
        """RFC 7636, 4.6: a code is good once, for the client and the redirect that asked, and with its proof."""
        permission, self.server.permission = self.server.permission, None
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get('code_verifier', '').encode()).digest()).decode()
        header = 'Basic ' + base64.b64encode(b'me:very-secret').decode()
        return (permission and form.get('code') == permission['code'] and proof.rstrip('=') == permission['code_challenge']
                and form.get('redirect_uri') == permission['redirect_uri']
                and (form.get('client_secret') == 'very-secret' or self.headers.get('Authorization') == header))

    def token(self, form):
        server = self.server
        if form.get('grant_type') == 'authorization_code':
            if not self.is_allowed(form):
                server.wrong.append('a code was exchanged in a wrong way')
                return self.answer(400, {'error': 'invalid_grant'})
        elif server.system.auth == 'refresh':
            if form.get('refresh_token') != 'RT-%d-secret' % server.tokens:
                server.wrong.append('an old refresh token was used')
                return self.answer(400, {'error': 'invalid_grant'})
        elif server.system.statement and server.system.statement[0] in form:
            server.statements += 1
            why, text = self.doubt(form)
            if why:
                server.wrong.append(text)
                return self.answer(*server.system.statement_refusal(why))
        elif form.get('client_secret') != 'very-secret':
            server.wrong.append('the client secret is wrong')
            return self.answer(401, {'error': 'invalid_client'})
        server.tokens += 1
        server.expired = False
        answer = {'access_token': 'AT-%d-secret' % server.tokens, 'token_type': 'Bearer', 'expires_in': 3600}
        if server.system.auth == 'refresh':
            answer['refresh_token'] = 'RT-%d-secret' % server.tokens
        self.answer(200, answer)

    def doubt(self, form):
        """What is wrong with a signed statement, in a word and in a sentence (RFC 7523, 2 and 3); nothing where it holds."""
        server = self.server
        field, grant, algorithm, subject = server.system.statement
        parts = form[field].split('.')
        head, claims = [json.loads(unpacked(part)) for part in parts[:2]]
        message, signature = '.'.join(parts[:2]).encode(), unpacked(parts[2])
        now = (server.now or time.time() * 1000) / 1000
        if form.get('grant_type') != grant or 'client_secret' in form or 'PRIVATE' in json.dumps(form):
            return 'form', 'the statement came with what does not belong to it'
        if head.get('alg') != algorithm or head.get('typ') != 'JWT' or set(head) - {'alg', 'typ', 'x5t#S256'}:
            return 'form', 'the header is wrong: %s' % head
        if field == 'client_assertion' and (form.get('client_id') != 'me' or form.get('client_assertion_type')
                                            != 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'):
            return 'form', 'the client does not say who it is'
        if field == 'client_assertion' and head.get('x5t#S256') != THUMBPRINT:
            return 'key', 'the certificate is not the one that is known'
        if claims['iss'] != 'me' or claims['sub'] != subject:
            return 'subject', 'the claims are wrong: %s' % claims
        if claims['aud'] != server.system.audience('http://127.0.0.1:%d' % server.server_address[1]):
            return 'audience', 'the audience is wrong: %s' % claims['aud']
        # Times are whole numbers of seconds (RFC 7519, 2).
        if not all(type(claims[name]) is int for name in ('iat', 'nbf', 'exp')):
            return 'time', 'a time is no number: %s' % claims
        if not claims['nbf'] <= now < claims['exp'] <= now + server.system.statement_lives:
            return 'time', 'it is not good now: %s at %d' % (claims, now)
        if claims['jti'] in server.used:
            return 'form', 'the statement was used before'
        server.used.add(claims['jti'])
        holds = pss_holds if algorithm == 'PS256' else pkcs1_holds
        return (None, None) if holds(message, signature) else ('key', 'the signature does not hold')

    def login(self, body):
        server = self.server
        if 'very-secret' not in json.dumps(body):
            server.wrong.append('the password is wrong')
            return self.answer(401, {'error': 'denied'})
        server.tokens += 1
        server.expired = False
        if server.system.auth == 'tryton':
            return self.answer(200, {'id': 0, 'result': [7, 'key-%d-secret' % server.tokens, []]})
        cookie = 'B1SESSION=key-%d-secret; HttpOnly; Path=/b1s' % server.tokens
        self.answer(200, {'SessionTimeout': 30}, [('Set-Cookie', cookie), ('Set-Cookie', 'ROUTEID=.node1; Path=/b1s')])

    def is_known(self):
        server = self.server
        if server.expired:
            return False
        if server.system.auth == 'cookie':
            return 'B1SESSION=key-%d-secret' % server.tokens in self.headers.get('Cookie', '')
        return self.headers.get('Authorization') == server.credentials

    def refuse_token(self):
        if self.server.system.xml:
            text = ('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:'
                    'Client</faultcode><faultstring>Access denied. Token is expired.</faultstring></soap:Fault></soap:Body></soap:Envelope>')
            return self.answer(self.server.system.session_status, text)
        self.answer(401, {'error': {'message': 'the token has expired'}})

    # -- What goes wrong

    def trouble(self, kind):
        """True when the trouble was the answer."""
        server = self.server
        if kind == 'expire':
            # A token or a session is worth nothing from now on; a key is refused this once.
            server.expired = server.system.auth not in ('key', 'basic')
            self.refuse_token()
        elif kind == 'busy':
            self.answer(429, {'message': 'slow down'}, [('Retry-After', '7')])
        elif kind == 'busy-bare':
            self.answer(429, {'message': 'slow down'})
        elif kind == 'down':
            self.answer(503, {'message': 'maintenance'})
        elif kind == 'refuse':
            self.answer(*server.system.refusal())
        elif kind == 'web':
            self.answer(200, '<!DOCTYPE html><html><body>Sign in to the hotel network</body></html>')
        elif kind == 'deep':
            self.answer(200, '<a>' * 2_000_000 if server.system.xml else '[' * 2_000_000)
        elif kind == 'wide':
            # As many values as fit into what one answer may have.
            self.answer(200, '{"data": [' + '[],' * 20_000_000 + '[]]}')
        elif kind == 'redirect':
            self.answer(302, {}, [('Location', server.other)])
        elif kind in ('cut', 'slow', 'huge', 'endless', 'bomb'):
            self.stream(kind)
        else:
            return False
        return True

    def stream(self, kind):
        """A body that is not what it should be; the client is the one to end it."""
        self.close_connection = True
        self.send_response_only(200)
        self.send_header('Content-Type', 'application/json')
        length = {'cut': 5000, 'slow': 5000, 'huge': 2 << 30}.get(kind)
        if length:
            self.send_header('Content-Length', str(length))
        if kind == 'bomb':
            self.send_header('Content-Encoding', 'gzip')
        self.end_headers()
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        try:
            self.wfile.write(b'' if kind == 'bomb' else b'{"value": [')
            if kind == 'slow':
                self.connection.settimeout(20)
                self.connection.recv(1)
            block = b' ' * (1 << 20)
            for _ in range(2048 if kind in ('huge', 'endless', 'bomb') else 0):
                self.wfile.write(packer.compress(block) if kind == 'bomb' else block)
        except OSError:
            pass

    # -- Records

    def list(self, path, query, body, kind):
        server, system = self.server, self.server.system
        found = re.match(r'(.*/query)/01gD-(.*)', path)
        if found:
            path, query = found[1], {'_rest': found[2]}
        query['_size'] = str(server.size)
        start = system.start(query, body)
        since = system.since(self, query, body)
        if found:
            since = system.kept
        elif isinstance(system, OData4) or isinstance(system, OData2) or isinstance(system, Salesforce):
            # Links to the next page keep what was asked for first.
            key = 'skip' if isinstance(system, OData4) else '$skiptoken'
            if key in query:
                since = server.since[-1] if server.since else None
        system.asked = since
        bills = server.bills
        if kind == 'endless-pages':
            server.fresh += 1
            bills = [dict(bill, id=bill['id'] + 100_000 * server.fresh, number=str(int(bill['number']) + 100_000 * server.fresh))
                     for bill in server.bills]
        records = system.records(path, bills, since)
        if records is None:
            server.wrong.append('nobody should ask for %s %s' % (path, body.get('method', '')))
            return self.answer(404, {})
        server.asked.append(path)
        if start == 0 and not found:
            server.since.append(since)
        for record in records if server.description else []:
            server.wrong += server.description.of_record(path, record, system.fields(path))
        if server.extra and system.xml:
            records = [record.replace('<key>', '<td field="fin.trs.new">1</td><key>') for record in records]
        elif server.extra:
            records = [dict(record, **server.extra) for record in records]
        if isinstance(start, str):
            start = [record['id'] for record in records].index(start) + 1 if kind != 'endless-pages' else 0
        if kind == 'endless-pages':
            start, part, total, more = start, records[:server.size], start + 10 * server.size, True
        else:
            size = len(records) if system.xml else server.size
            part, total = records[start:start + size], len(records)
            more = start + size < total
        if kind == 'repeat':
            start, part, more, total = max(0, start - server.size), records[:server.size], True, max(total, start + 10 * server.size)
        base = 'http://127.0.0.1:%d%s' % (server.server_address[1], path)
        answer = system.page(part, start, total, more, base, query, server.size)
        if kind == 'partial':
            answer = answer.replace('total=&quot;%d&quot;' % total, 'total=&quot;%d&quot;' % (total + 1)).replace(
                'total="%d"' % total, 'total="%d"' % (total + 1))
        text = answer if isinstance(answer, str) else json.dumps(answer)
        if kind == 'elsewhere':
            text = text.replace('http://127.0.0.1:%d' % server.server_address[1], 'http://169.254.169.254')
            text = re.sub(r'"(Invoices\?skip|/services/data/v62.0/query/)', r'"http://169.254.169.254/\1', text)
        data = text.encode()
        self.send_response_only(200)
        if 'gzip' in self.headers.get('Accept-Encoding', '') and len(data) > 400:
            data = gzip.compress(data, 1)
            self.send_header('Content-Encoding', 'gzip')
        self.send_header('Content-Type', 'text/xml; charset=utf-8' if system.xml else 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main(name, examples=None):
    server = Server(name, examples)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    # It ends with whoever started it.
    for line in sys.stdin:
        order = json.loads(line)
        with server.lock:
            state = {key: getattr(server, key) for key in ('asked', 'count', 'wrong', 'since', 'tokens', 'statements')}
            state['written'], state['entries'] = server.till.payments, server.till.entries
            if order:
                server.reset(order)
            print(json.dumps(state), flush=True)


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in SYSTEMS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
