# SPDX-License-Identifier: Apache-2.0
"""The books of a Tryton, over the same JSON-RPC as the mapping uses: what is open there, and what people do there."""
import base64
import datetime
import json
import urllib.error
import urllib.request

OPEN = ['number', 'amount_to_pay', 'party']


def money(cents):
    return {'__class__': 'Decimal', 'decimal': '%s%d.%02d' % ('-' if cents < 0 else '', abs(cents) // 100, abs(cents) % 100)}


def date(day):
    return {'__class__': 'date', 'year': day.year, 'month': day.month, 'day': day.day}


def cents(value):
    text = value['decimal'] if isinstance(value, dict) else str(value)
    whole, _, rest = text.lstrip('-').partition('.')
    amount = int(whole) * 100 + int((rest + '00')[:2])
    return -amount if text.startswith('-') else amount


class Refused(RuntimeError):
    """Tryton's own words."""


class Books:
    def __init__(self, url):
        self.url = url.rstrip('/') + '/'
        self.auth = None
        self.login()
        self.context = self.call('model.res.user.get_preferences', True, {}) or {}

    def login(self):
        self.auth = None
        user, key = self.call('common.db.login', 'admin', {'password': 'admin'}, 'en')[:2]
        self.auth = 'Session ' + base64.b64encode(('admin:%s:%s' % (user, key)).encode()).decode()

    def call(self, method, *params):
        headers = {'Content-Type': 'application/json'}
        if self.auth:
            headers['Authorization'] = self.auth
        body = json.dumps({'id': 1, 'method': method, 'params': params}).encode()
        try:
            answer = json.load(urllib.request.urlopen(urllib.request.Request(self.url, body, headers)))
        except urllib.error.HTTPError as error:
            if error.code != 401 or method == 'common.db.login':
                raise
            # A session ends by itself, and a wizard asks for a fresh one.
            self.login()
            return self.call(method, *params)
        if answer.get('error'):
            raise Refused(answer['error'])
        return answer['result']

    def read(self, model, domain, fields):
        return self.call('model.%s.search_read' % model, domain, 0, None, [['id', 'ASC']], fields, self.context)

    # -- What is open

    def open_bills(self):
        """Of every bill and credit note that is open: number to cents."""
        bills = self.read('account.invoice', [['type', '=', 'out'], ['state', '=', 'posted']], OPEN)
        return {bill['number']: cents(bill['amount_to_pay']) for bill in bills if cents(bill['amount_to_pay'])}

    def owed(self):
        """By customer: what Tryton's own ledger says that each owes."""
        parties = self.read('party.party', [['receivable', '!=', 0]], ['receivable'])
        return {str(party['id']): cents(party['receivable']) for party in parties}

    def ledger(self):
        """The balance of the receivable accounts."""
        return sum(cents(account['balance']) for account in self.read(
            'account.account', [['type.receivable', '=', True]], ['balance']))

    def bill(self, number, *fields):
        return self.read('account.invoice', [['number', '=', number]], ['state', 'amount_to_pay', 'invoice_date', *fields])[0]

    def moves(self, key):
        """How many entries have this text: a payment that was written twice would be two."""
        return len(self.read('account.move', [['description', '=', key]], []))

    # -- What people do

    def wizard(self, name, model, record, *steps):
        """`steps`: a state and what is said there, or what makes it of the form's own values."""
        context = dict(self.context, active_model=model, active_id=record, active_ids=[record])
        session = self.call('wizard.%s.create' % name, context)[0]
        data, answer = {}, {}
        try:
            for state, form, make in steps:
                if form == 'ask' and not answer.get('view'):
                    # The whole was paid: nothing is asked.
                    continue
                if make:
                    given = (answer.get('view') or {}).get('defaults', {})
                    data[form] = dict({key: value for key, value in given.items() if not key.endswith('.')}, **make)
                answer = self.execute(name, session, data, state, context)
        finally:
            self.call('wizard.%s.delete' % name, session, context)

    def execute(self, name, session, data, state, context):
        try:
            return self.call('wizard.%s.execute' % name, session, data, state, context) or {}
        except Refused as error:
            said = error.args[0]
            if said[0] != 'UserWarning':
                raise
            # As somebody at a screen would click it away.
            self.call('model.res.user.warning.create', [{'user': 1, 'name': said[1][0], 'always': True}], self.context)
            return self.execute(name, session, data, state, context)

    def pay(self, bill, amount, day=None):
        method = self.read('account.invoice.payment.method', [], ['name'])[0]['id']
        paid = dict(payment_method=method, description=None, amount=money(amount), date=date(day or datetime.date.today()))
        self.wizard('account.invoice.pay', 'account.invoice', bill,
                    ('start', None, None), ('choice', 'start', paid), ('pay', 'ask', {'type': 'partial'}))

    def add_bill(self, of, sign=1):
        """A copy of a bill with today's date, posted; with `sign` -1 a credit note."""
        copied, = self.call('model.account.invoice.copy', [of], {}, self.context)
        values = {'invoice_date': date(datetime.date.today())}
        if sign < 0:
            lines = self.read('account.invoice.line', [['invoice', '=', copied]], ['quantity'])
            values['lines'] = [['write', [line['id']], {'quantity': -abs(line['quantity'])}] for line in lines]
        self.call('model.account.invoice.write', [copied], values, self.context)
        self.call('model.account.invoice.post', [copied], self.context)
        return copied

    def credit(self, bill):
        """A credit note for the whole bill, both settled with each other."""
        self.wizard('account.invoice.credit', 'account.invoice', bill, ('start', None, None),
                    ('credit', 'start', {'with_refund': True, 'invoice_date': None}))

    def cancel(self, bill):
        self.call('model.account.invoice.cancel', [bill], self.context)

    def alter(self, bill, reference):
        self.call('model.account.invoice.write', [bill], {'reference': reference}, self.context)

    def close(self, month):
        """Closes the period of a month, given as its first day."""
        period, = self.read('account.period', [['start_date', '=', date(month)], ['type', '=', 'standard']], ['state'])
        if period['state'] == 'open':
            self.call('model.account.period.close', [period['id']], self.context)
