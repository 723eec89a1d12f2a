# SPDX-License-Identifier: Apache-2.0
"""A real Tryton 7.0 to pull from, and what to do with it.

    tryton.py install FOLDER                 a virtual environment with Tryton's modules, from PyPI
    tryton.py start FOLDER PORT [INVOICES]   make and fill the database once, then serve it on 127.0.0.1:PORT
    tryton.py stop FOLDER
    tryton.py truth URL                      what Tryton itself says is open: `number amount` lines, sorted
    tryton.py change URL SEED                a few bills, part payments, payments and credit notes
    tryton.py rounds URL BINARY FOLDER N     N times: change, sync, kill -9 at a random moment; then compare
    tryton.py live FOLDER BINARY [INVOICES] [N]    all of it: install, fill, serve, N rounds, stop (`make live`)

Login admin / admin. URL is http://127.0.0.1:PORT/books. `install` and `start` need the network once."""
import base64
import datetime
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

MODULES = ['account', 'account_invoice', 'account_payment', 'account_dunning']


# -- The server

def install(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'venv/bin/trytond').exists():
        subprocess.run([sys.executable, '-m', 'venv', str(folder / 'venv')], check=True)
        subprocess.run([str(folder / 'venv/bin/pip'), 'install', '-q', 'trytond==7.0.*', 'proteus==7.0.*']
                       + ['trytond_%s==7.0.*' % name for name in MODULES], check=True)


def start(folder, port, count='60'):
    install(folder)
    folder = pathlib.Path(folder).resolve()
    (folder / 'data').mkdir(exist_ok=True)
    conf = folder / 'trytond.conf'
    conf.write_text('[database]\nuri = sqlite://\npath = %s/data\n[web]\nlisten = 127.0.0.1:%s\n' % (folder, port))
    (folder / 'password').write_text('admin\n')
    env = dict(os.environ, TRYTOND_CONFIG=str(conf), TRYTONPASSFILE=str(folder / 'password'), PYTHONWARNINGS='ignore')
    if not (folder / ('filled-' + count)).exists():
        for old in list(folder.glob('filled-*')) + list((folder / 'data').glob('books.sqlite')):
            old.unlink()
        (folder / 'data/books.sqlite').touch()
        admin = [str(folder / 'venv/bin/trytond-admin'), '-c', str(conf), '-d', 'books']
        subprocess.run(admin + ['--all', '--email', 'admin@example.com'], check=True, env=env, capture_output=True)
        subprocess.run(admin + ['-u'] + MODULES[1:] + ['--activate-dependencies'], check=True, env=env, capture_output=True)
        subprocess.run([str(folder / 'venv/bin/python'), __file__, 'fill', count], check=True, env=env)
        (folder / ('filled-' + count)).touch()
    log = open(folder / 'trytond.log', 'w')
    server = subprocess.Popen([str(folder / 'venv/bin/trytond'), '-c', str(conf)], env=env, stdout=log, stderr=log)
    (folder / 'pid').write_text(str(server.pid))
    for _ in range(120):
        try:
            Books('http://127.0.0.1:%s/books' % port)
            print('http://127.0.0.1:%s/books' % port)
            return
        except OSError:
            time.sleep(0.5)
    sys.exit('tryton did not answer; see %s/trytond.log' % folder)


def stop(folder):
    pid = pathlib.Path(folder) / 'pid'
    if pid.exists():
        os.kill(int(pid.read_text()), signal.SIGTERM)
        pid.unlink()


def fill(count):
    """Runs inside the virtual environment: a company with a year, accounts, terms, customers and bills."""
    from decimal import Decimal
    from proteus import Model, config
    config.set_trytond(database='books', config_file=os.environ['TRYTOND_CONFIG'])
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company, get_company, get_currency
    create_company(currency=get_currency('EUR'))
    company = get_company()
    today = datetime.date.today()
    year = create_fiscalyear(company, (datetime.date(today.year, 1, 1), datetime.date(today.year, 12, 31)))
    set_fiscalyear_invoice_sequences(year).click('create_period')
    create_chart(company)
    accounts = get_accounts(company)
    cash, = Model.get('account.journal').find([('type', '=', 'cash')])
    Model.get('account.invoice.payment.method')(
        name='Bank', journal=cash, credit_account=accounts['cash'], debit_account=accounts['cash']).save()
    terms = []
    for name, days in (('14 days', [14]), ('two instalments', [15, 45])):
        term = Model.get('account.invoice.payment_term')(name=name)
        for part in days[:-1]:
            line = term.lines.new(type='percent_on_total')
            line.ratio = Decimal('0.5')
            line.relativedeltas.new(days=part)
        term.lines.new(type='remainder').relativedeltas.new(days=days[-1])
        term.save()
        terms.append(term)
    parties = []
    for number in range(10):
        party = Model.get('party.party')(name='Kund:innen %d GmbH & Söhne' % number, code='K%03d' % number)
        party.contact_mechanisms.new(type='mobile', value='+31612345%03d' % number)
        party.save()
        parties.append(party)
    chance = random.Random(1)
    bill_model = Model.get('account.invoice')
    bills = []
    for number in range(min(int(count), 60)):
        bill = bill_model(party=chance.choice(parties), payment_term=chance.choice(terms))
        bill.invoice_date = datetime.date(today.year, 1, 2) + datetime.timedelta(days=number % 28)
        line = bill.lines.new()
        line.account = accounts['revenue']
        line.description = 'Work'
        line.quantity = -1 if number % 17 == 16 else chance.randint(1, 5)
        line.unit_price = Decimal(chance.randint(100, 99999)) / 100
        bill.save()
        bills.append(bill.id)
    # The rest are copies, made and posted by the server in lots: one by one takes a second each.
    server, context = bill_model._proxy, config.get_config().context
    whole = list(bills)
    while len(whole) < int(count):
        date = datetime.date(today.year, 1, 2) + datetime.timedelta(days=len(whole) % 300)
        lot = bills[:int(count) - len(whole)]
        whole += server.copy(lot, {'invoice_date': date}, context)
    # Numbers follow the dates.
    dated = {bill['id']: bill['invoice_date'] for bill in server.read(whole, ['invoice_date'], context)}
    whole.sort(key=lambda bill: (dated[bill], bill))
    for start in range(0, len(whole), 100):
        post(whole[start:start + 100], context)


def post(bills, context):
    from trytond.pool import Pool
    from trytond.transaction import Transaction, TransactionError
    needs = {}
    while True:
        # A term that ended before today is a warning, which somebody at a screen would click away.
        with Transaction().start('books', 1, context=dict(context, _skip_warnings=True), **needs) as transaction:
            try:
                invoice = Pool().get('account.invoice')
                invoice.post(invoice.browse(bills))
                return transaction.commit()
            except TransactionError as error:
                # It says what it must lock first, and is tried again.
                transaction.rollback()
                error.fix(needs)


# -- The books, over the same JSON-RPC as the mapping uses

class Books:
    def __init__(self, url):
        self.url = url.rstrip('/') + '/'
        self.auth = None
        user, key = self.call('common.db.login', 'admin', {'password': 'admin'}, 'en')[:2]
        self.auth = 'Session ' + base64.b64encode(('admin:%s:%s' % (user, key)).encode()).decode()
        self.context = self.call('model.res.user.get_preferences', True, {}) or {}

    def call(self, method, *params):
        headers = {'Content-Type': 'application/json'}
        if self.auth:
            headers['Authorization'] = self.auth
        body = json.dumps({'id': 1, 'method': method, 'params': params}).encode()
        answer = json.load(urllib.request.urlopen(urllib.request.Request(self.url, body, headers)))
        if answer.get('error'):
            raise RuntimeError(answer['error'])
        return answer['result']

    def read(self, model, domain, fields):
        return self.call('model.%s.search_read' % model, domain, 0, None, [['id', 'ASC']], fields, self.context)

    def open_bills(self):
        bills = self.read('account.invoice', [['type', '=', 'out'], ['state', '=', 'posted']], ['number', 'amount_to_pay'])
        return {bill['number']: bill['amount_to_pay']['decimal'] for bill in bills
                if float(bill['amount_to_pay']['decimal'])}

    def pay(self, bill, cents):
        wizard = 'wizard.account.invoice.pay'
        context = dict(self.context, active_model='account.invoice', active_id=bill, active_ids=[bill])
        session = self.call(wizard + '.create', context)[0]
        try:
            form = self.call(wizard + '.execute', session, {}, 'start', context)['view']['defaults']
            data = {key: value for key, value in form.items() if not key.endswith('.')}
            method = self.read('account.invoice.payment.method', [], ['name'])[0]['id']
            today = datetime.date.today()
            data.update(payment_method=method, description=None,
                        amount={'__class__': 'Decimal', 'decimal': '%d.%02d' % divmod(cents, 100)},
                        date={'__class__': 'date', 'year': today.year, 'month': today.month, 'day': today.day})
            answer = self.call(wizard + '.execute', session, {'start': data}, 'choice', context)
            if answer.get('view'):
                # Less than is due: say that it is a part, not a difference to write off.
                ask = {key: value for key, value in answer['view']['defaults'].items() if not key.endswith('.')}
                ask['type'] = 'partial'
                self.call(wizard + '.execute', session, {'start': data, 'ask': ask}, 'pay', context)
        finally:
            self.call(wizard + '.delete', session, context)

    def add_bill(self, chance):
        old = self.read('account.invoice', [['type', '=', 'out'], ['state', '=', 'posted']], ['id'])
        copied, = self.call('model.account.invoice.copy', [chance.choice(old)['id']], {}, self.context)
        today = datetime.date.today()
        date = {'__class__': 'date', 'year': today.year, 'month': today.month, 'day': today.day}
        self.call('model.account.invoice.write', [copied], {'invoice_date': date}, self.context)
        self.call('model.account.invoice.post', [copied], self.context)


def truth(url):
    for number, amount in sorted(Books(url).open_bills().items()):
        print(number, '%.2f' % float(amount))


def change(url, seed):
    chance = random.Random(int(seed))
    books = Books(url)
    posted = [bill['id'] for bill in books.read(
        'account.invoice', [['type', '=', 'out'], ['state', '=', 'posted']], ['id'])]
    for _ in range(chance.randint(1, 4)):
        what = chance.randrange(3)
        # What is open of a bill is computed when it is asked for: of all of them that takes minutes.
        few = chance.sample(posted, min(len(posted), 10))
        bills = [(bill['id'], round(float(bill['amount_to_pay']['decimal']) * 100)) for bill in books.read(
            'account.invoice', [['id', 'in', few], ['state', '=', 'posted']], ['amount_to_pay'])]
        bills = [bill for bill in bills if bill[1] > 100]
        if what == 0 or not bills:
            books.add_bill(chance)
        else:
            bill, cents = chance.choice(bills)
            books.pay(bill, cents if what == 1 else chance.randint(1, cents - 1))


# -- Killing

def tieout_open(binary, folder):
    out = subprocess.run([binary, 'list', 'invoices', '--open', '--json'], cwd=folder, capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stderr)
    lines = [json.loads(line) for line in out.stdout.splitlines() if line.strip()]
    rows = lines[0] if len(lines) == 1 and isinstance(lines[0], list) else lines
    return {row['number']: row['open'] for row in rows if float(row.get('open', 0))}


def rounds(url, binary, folder, count):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    binary = os.path.abspath(binary)
    (folder / 'tieout.yaml').write_text(
        'companies:\n  - id: acme\n    home_currency: EUR\n    authority: source\n    sources:\n'
        '      - { id: tryton, mapping: tryton, config: { base: "%s", user: admin } }\n' % url)
    env = dict(os.environ, TIEOUT_SECRET_TRYTON_PASSWORD='admin', SWIFT_BACKTRACE='enable=no')
    chance = random.Random(11)
    command = [binary, 'sync']
    began = time.time()
    first = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if first.returncode:
        sys.exit(first.stdout + first.stderr)
    usual = time.time() - began
    killed = finished = 0
    for number in range(int(count)):
        if number % 4 == 0:
            change(url, number)
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(chance.random() * usual * 1.1)
            finished += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
    change(url, 999)
    last = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if last.returncode:
        sys.exit(last.stdout + last.stderr)
    ours, theirs = tieout_open(binary, folder), {
        number: '%.2f' % float(amount) for number, amount in Books(url).open_bills().items()}
    wrong = [(number, ours.get(number), theirs.get(number)) for number in sorted(set(ours) | set(theirs))
             if ours.get(number) != theirs.get(number)]
    proof = subprocess.run([binary, 'verify'], cwd=folder, capture_output=True, text=True)
    print('%d rounds: %d killed, %d ran to their end; %d open bills, %d differ; verify %s' % (
        int(count), killed, finished, len(theirs), len(wrong), 'holds' if proof.returncode == 0 else 'FAILS'))
    for line in wrong[:20]:
        print('  %s: tieout %s, tryton %s' % line)
    if wrong or proof.returncode:
        sys.exit(proof.stdout[-2000:] or 1)


def live(folder, binary, invoices='2000', count='100', port='8731'):
    start(folder, port, invoices)
    try:
        with tempfile.TemporaryDirectory() as books:
            rounds('http://127.0.0.1:%s/books' % port, binary, books, count)
    finally:
        stop(folder)


if __name__ == '__main__':
    commands = {'install': install, 'start': start, 'stop': stop, 'fill': fill, 'truth': truth, 'change': change,
                'rounds': rounds, 'live': live}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
