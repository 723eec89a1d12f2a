# SPDX-License-Identifier: Apache-2.0
"""What a Tryton of the integration test holds at first; runs inside its virtual environment, in the server's own process.

    fill.py INVOICES DATABASE

The first hundred are made by Tryton itself: lines, terms, numbers, entries, payments, cancellations. That takes it a third of
a second each, so the rest are these again, row by row, with ids, numbers and references of their own. What is open of each it
computes by itself from those rows, as of any other."""
import datetime
import os
import random
import sqlite3
import sys
from decimal import Decimal

MADE = 100


def books():
    """A company with a year, accounts, a way to pay and terms, through the client library as a person would set it up."""
    from proteus import Model, config
    config.set_trytond(database='books', config_file=os.environ['TRYTOND_CONFIG'])
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company, get_company, get_currency
    create_company(currency=get_currency('EUR'))
    company = get_company()
    # Without it a posted bill to a customer cannot be cancelled.
    company.cancel_invoice_out = True
    company.save()
    today = datetime.date.today()
    year = create_fiscalyear(company, (datetime.date(today.year, 1, 1), datetime.date(today.year, 12, 31)))
    year = set_fiscalyear_invoice_sequences(year)
    # A number that nobody takes for a quantity or a year when it stands in a payment's text.
    for sequence in {one.id: one for line in year.invoice_sequences for one in (line.out_invoice_sequence, line.out_credit_note_sequence)
                     }.values():
        sequence.prefix, sequence.padding = '2', 7
        sequence.save()
    year.click('create_period')
    create_chart(company)
    accounts = get_accounts(company)
    cash, = Model.get('account.journal').find([('type', '=', 'cash')])
    method = Model.get('account.invoice.payment.method')(
        name='Bank', journal=cash, credit_account=accounts['cash'], debit_account=accounts['cash'])
    method.save()
    terms = []
    for name, days in (('14 days', [14]), ('two instalments', [15, 45]), ('three instalments', [10, 30, 60])):
        term = Model.get('account.invoice.payment_term')(name=name)
        for part in days[:-1]:
            line = term.lines.new(type='percent_on_total')
            line.ratio = Decimal(1) / len(days) if len(days) == 2 else Decimal('0.3333')
            line.relativedeltas.new(days=part)
        term.lines.new(type='remainder').relativedeltas.new(days=days[-1])
        term.save()
        terms.append(term.id)
    return dict(company=company.id, revenue=accounts['revenue'].id, terms=terms, method=method.id)


def lot(company, work):
    """`work` in one transaction, tried again when it first has to lock something."""
    from trytond.transaction import Transaction, TransactionError
    needs = {}
    while True:
        # A term that ended before today is a warning, which somebody at a screen would click away.
        context = dict(company=company, companies=[company], language='en', _skip_warnings=True)
        with Transaction().start('books', 1, context=context, **needs) as transaction:
            try:
                result = work()
                transaction.commit()
                return result
            except TransactionError as error:
                transaction.rollback()
                error.fix(needs)


def fill(count):
    from trytond.pool import Pool
    names = books()
    company, chance = names['company'], random.Random(1)
    get = lambda name: Pool().get(name)
    today = datetime.date.today()
    first = datetime.date(today.year, 1, 1)
    days = max(1, (today - first).days)

    def customers():
        party = get('party.party')
        return [one.id for one in party.create([
            {'name': 'Kund:innen %d GmbH & Söhne' % number, 'code': 'K%03d' % number, 'addresses': [('create', [{}])],
             'contact_mechanisms': [('create', [{'type': 'mobile', 'value': '+31612345%03d' % number}])]}
            for number in range(max(10, min(40, count // 2)))])]

    parties = lot(company, customers)

    def bills(start, end):
        invoice, line = get('account.invoice'), get('account.invoice.line')
        made = []
        for number in range(start, end):
            bill = invoice(company=company, type='out', party=chance.choice(parties))
            for field in ('currency', 'journal', 'payment_term'):
                default = getattr(invoice, 'default_' + field, None)
                setattr(bill, field, default() if default else None)
            bill.on_change_type()
            bill.on_change_party()
            bill.payment_term = chance.choice(names['terms'])
            # Numbers follow the dates.
            bill.invoice_date = first + datetime.timedelta(days=number * days // count)
            bill.reference = 'PO-%d' % (1000 + number)
            sign = -1 if number % 17 == 16 else 1
            bill.lines = [
                line(type='line', company=company, currency=bill.currency, account=names['revenue'], description='Work',
                     quantity=sign * chance.randint(1, 5), unit_price=Decimal(chance.randint(100, 99999)) / 100)
                for _ in range(chance.randint(1, 3))]
            made.append(bill)
        invoice.save(made)
        invoice.post(made)
        return [bill.id for bill in made]

    whole = lot(company, lambda: bills(0, count))

    def settle(some):
        """A tenth is paid, a tenth in part, a fiftieth cancelled."""
        invoice, method = get('account.invoice'), get('account.invoice.payment.method')(names['method'])
        move_line = get('account.move.line')
        done = []
        for bill in invoice.browse(some):
            due, kind = bill.amount_to_pay, bill.id % 50
            if due <= 1 or kind % 10 > 1 and kind != 7:
                continue
            done.append(bill)
            if kind == 7:
                invoice.cancel([bill])
            elif kind % 10 == 0:
                lines = bill.pay_invoice(due, method, bill.invoice_date, 'paid')
                move_line.reconcile([one for one in bill.lines_to_pay if not one.reconciliation] + list(lines))
            else:
                bill.pay_invoice((due / 3).quantize(Decimal('0.01')), method, bill.invoice_date, 'in part')
        invoice.process(done)

    lot(company, lambda: settle(whole))

    def sweep():
        """The jobs that were put by: printing, and the states that were set above."""
        from trytond.transaction import Transaction
        Transaction().connection.cursor().execute(*get('ir.queue').__table__().delete())

    lot(company, sweep)


# -- The same bills again

# The tables that a bill is made of, with the columns that name rows of one of them.
TABLES = {
    'account_move_reconciliation': {},
    'account_move': {},
    'account_move_line': {'move': 'account_move', 'reconciliation': 'account_move_reconciliation'},
    'account_invoice': {'move': 'account_move', 'cancel_move': 'account_move'},
    'account_invoice_line': {'invoice': 'account_invoice'},
    'account_invoice-account_move_line': {'invoice': 'account_invoice', 'line': 'account_move_line'},
}
# What a reference such as `account.move,17` may name.
MODELS = {name.replace('_', '.'): name for name in TABLES if '-' not in name}


def again(path, count):
    base = sqlite3.connect(path)
    step = {table: base.execute('SELECT MAX(id) FROM "%s"' % table).fetchone()[0] or 0 for table in TABLES}
    made = base.execute('SELECT COUNT(*) FROM account_invoice').fetchone()[0]
    numbers = {table: base.execute('SELECT MAX(CAST(number AS INTEGER)) FROM %s' % table).fetchone()[0] for table in MODELS.values()
               if not table.endswith('line')}
    rounds = count // made
    for table, links in TABLES.items():
        rows = base.execute('SELECT * FROM "%s" ORDER BY id' % table)
        columns = [column[0] for column in rows.description]
        rows = rows.fetchall()
        for turn in range(1, rounds):
            fresh = [[moved(table, column, value, links, step, turn, numbers) for column, value in zip(columns, row)]
                     for row in rows]
            base.executemany('INSERT INTO "%s" VALUES (%s)' % (table, ','.join('?' * len(columns))), fresh)
    # The next number of every sequence comes after all of them.
    for table in ('ir_sequence', 'ir_sequence_strict'):
        base.execute('UPDATE %s SET number_next_internal = number_next_internal * ?' % table, (rounds,))
    base.commit()
    base.close()


def moved(table, column, value, links, step, turn, numbers):
    if value is None:
        return None
    if column == 'id':
        return value + turn * step[table]
    if column in links:
        return value + turn * step[links[column]]
    if column in ('number', 'post_number') and str(value).isdigit():
        return str(int(value) + turn * numbers[table])
    if column == 'origin' and ',' in str(value):
        model, record = value.split(',')
        return '%s,%d' % (model, int(record) + turn * step[MODELS[model]]) if model in MODELS else value
    return value


def aged(path):
    """Written yesterday and before, an hour apart: what a client reads again for the sake of clocks is little, as it will be."""
    base = sqlite3.connect(path)
    for table in list(TABLES) + ['party_party']:
        hours = '24 + id % 300' if table == 'account_invoice' else '24'
        for column in ('create_date', 'write_date'):
            base.execute("UPDATE \"%s\" SET %s = strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s, '-' || (%s) || ' hours') WHERE %s IS NOT NULL" % (
                table, column, column, hours, column))
    base.commit()
    base.close()


if __name__ == '__main__':
    fill(min(MADE, int(sys.argv[1])))
    if int(sys.argv[1]) > MADE:
        again(sys.argv[2], int(sys.argv[1]))
    aged(sys.argv[2])
