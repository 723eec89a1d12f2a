# SPDX-License-Identifier: Apache-2.0
"""`tieout post` against a Tryton: what was settled here is paid there, once, whatever dies in between."""
import datetime
import json
import pathlib
import random
import sys

from books import Books, Refused, cents
from killing import Tieout, compare, posted
from wire import Kill, Wire

ACT = 'pay: pay'


def post(url, binary, folder, say=print):
    books, wire = Books(url), Wire(url)
    method = books.read('account.invoice.payment.method', [], ['name'])[0]['id']
    tieout = Tieout(binary, folder, wire, ', post: { account: %d }' % method)
    tieout.sync()
    bills = chosen(books, 7)
    whole, part, lost, lost_part, unseen, settled, undone = bills
    settle(tieout, 'a', [(number, due if number not in (part[0], lost_part[0]) else due // 3) for number, due in bills])

    # A process that dies at the third payment: twice after Tryton took it, once before it saw it.
    orders = approve(tieout, len(bills))
    third = {order['invoice']: order for order in orders}
    for number, after in ((2, True), (2, True), (1, False)):
        dead = tieout.killed(Kill(number, after, lambda word: word == ACT), None, 'post', 'run', 'tryton')
        say('post run killed %s: %s' % ('between Tryton\'s answer and us' if after else 'before Tryton saw it', dead))
        expect(dead, 'it ran to its end')
    tieout.run('post', 'run', 'tryton')
    for number, due in bills:
        order, bill = third[number], books.bill(number)
        paid = cents(order['amount'].split()[0])
        states = (books.moves(order['key']), bill['state'], cents(bill['amount_to_pay']))
        wanted = (1, 'paid' if paid == due else 'posted', due - paid)
        say('invoice %s: %.2f of %.2f written: %d entry, %s, %.2f left' % (
            number, paid / 100, due / 100, states[0], states[1], states[2] / 100))
        expect(states == wanted, 'wanted %s' % (wanted,))
    expect(state(tieout) == ['done'] * len(bills), state(tieout))
    tieout.sync()
    compare(url, tieout, say)

    # One is taken back: the whole of a bill, and a part of one.
    for number, due in (undone, part):
        order = third[number]
        tieout.run('post', 'undo', 'tryton', order['payment'], number, '--actor', 'anna', '--reason', 'the wrong bill')
        bill = books.bill(number)
        say('invoice %s: taken back: %s, %.2f of %.2f open' % (number, bill['state'], cents(bill['amount_to_pay']) / 100, due / 100))
        expect((bill['state'], cents(bill['amount_to_pay'])) == ('posted', due), 'it is not open again')
    expect(sorted(state(tieout)) == ['done'] * (len(bills) - 2) + ['reversed'] * 2, state(tieout))
    tieout.sync()
    say('after the reversals: verify %s' % ('holds' if 'holds' in tieout.run('verify', fine=()) else 'FAILS'))
    say('tie-out exceptions: %d' % len([row for row in tieout.rows('exceptions', '--open') if row.get('kind') == 'TIE-OUT']))
    by_hand(url, binary, pathlib.Path(str(folder) + '-by-hand'), wire, books, method, say)
    refused(url, binary, pathlib.Path(str(folder) + '-closed'), wire, books, method, say)


def by_hand(url, binary, folder, wire, books, method, say):
    """Two payments on one bill; somebody books the first in Tryton. Only the second is written."""
    tieout = Tieout(binary, folder, wire, ', post: { account: %d }' % method)
    tieout.sync()
    (number, due), = chosen(books, 1, plain=True)
    first, second = due // 3, due // 5
    settle(tieout, 'c', [(number, first), (number, second)])
    books.pay(books.read('account.invoice', [['number', '=', number]], ['number'])[0]['id'], first)
    tieout.sync()
    left = json.loads(tieout.run('post', 'propose', 'tryton', '--actor', 'anna', '--json', fine=(0, 2)))
    amounts = [cents(order['amount'].split()[0]) for order in left['orders']]
    codes = [fault['code'] for fault in left['left_out']]
    say('invoice %s: %.2f booked there by hand; proposed %s, left out %s' % (number, first / 100, amounts, codes))
    expect(amounts == [second] and codes == ['POST-KNOWN'], left)
    tieout.run('post', 'approve', str(left['orders'][0]['batch']), '--actor', 'bert', '--reason', 'seen at the bank')
    tieout.run('post', 'run', 'tryton')
    open_there = cents(books.bill(number)['amount_to_pay'])
    expect(open_there == due - first - second, open_there)
    tieout.sync()
    compare(url, tieout, say)
    left = json.loads(tieout.run('post', 'propose', 'tryton', '--json', fine=(0, 2)))
    expect(not left['orders'], left)


def refused(url, binary, folder, wire, books, method, say):
    """A month that is closed there takes nothing, and neither does one that is closed here."""
    january = datetime.date(datetime.date.today().year, 1, 1)
    if january.month == datetime.date.today().month:
        return say('skipped: in January there is no earlier month to close')
    tieout = Tieout(binary, folder, wire, ', post: { account: %d }' % method)
    tieout.sync()
    (one, due), = chosen(books, 1, [['invoice_date', '<', {'__class__': 'date', 'year': january.year, 'month': 1, 'day': 20}]])
    settle(tieout, 'b', [(one, due)], january.replace(day=25))
    approve(tieout, 1)
    books.close(january)
    tieout.run('post', 'run', 'tryton', fine=(0, 2))
    order = json.loads(tieout.run('post', 'list', 'tryton', '--json'))['orders'][0]
    say('closed in Tryton: %s, “%s”' % (order['state'], (order.get('fault') or {}).get('message', '')))
    bill = books.bill(one)
    expect(order['state'] == 'refused' and cents(bill['amount_to_pay']) == due, order)
    tieout.run('close', '--month', '%d-01' % january.year)
    left = json.loads(tieout.run('post', 'propose', 'tryton', '--json', fine=(0, 2)))
    say('closed here: proposed %d, left out %s' % (len(left['orders']), [fault['code'] for fault in left['left_out']]))
    expect(not left['orders'] and [fault['code'] for fault in left['left_out']] == ['POST-CLOSED'], left)


def chosen(books, count, more=(), plain=False):
    """Number and cents of bills of which nothing is paid, all with different amounts; plain ones are in one instalment."""
    bills = posted(books, *more)
    random.Random(3).shuffle(bills)
    found = {}
    for bill in books.read('account.invoice', [['id', 'in', bills[:40]]], ['number', 'amount_to_pay', 'payment_lines', 'lines_to_pay']):
        if plain and len(bill['lines_to_pay']) > 1:
            continue
        due = cents(bill['amount_to_pay'])
        if due > 10_000 and not bill['payment_lines'] and due not in found.values():
            found[bill['number']] = due
    expect(len(found) >= count, 'too few bills to pay')
    # A number of one or two digits names too little: a person would look.
    return sorted(found.items(), key=lambda bill: (len(bill[0]), bill[0]))[-count:]


def settle(tieout, name, payments, day=None):
    """Money on the bank's account that says which bill it pays, and the match."""
    day = day or datetime.date.today()
    lines = ['id,amount,currency,booked_on,account,payer_name,remittance']
    payers = {row['number']: row['customer_name'] for row in tieout.rows('invoices', '--open')}
    for place, (number, amount) in enumerate(payments):
        # “invoice” and a number of nine digits would fill a bank's field of eighteen: of what may be cut a person decides.
        lines.append('%s-%d,%d.%02d,EUR,%s,NL91ABNA0417164300,%s,bill %s' % (
            name, place, *divmod(amount, 100), day, payers[number], number))
    (tieout.folder / (name + '.csv')).write_text('\n'.join(lines) + '\n')
    tieout.run('import', name + '.csv')
    tieout.run('reconcile')


def approve(tieout, count):
    proposed = json.loads(tieout.run('post', 'propose', 'tryton', '--actor', 'anna', '--json', fine=(0, 2)))
    expect(len(proposed['orders']) == count, proposed)
    tieout.run('post', 'approve', str(proposed['orders'][0]['batch']), '--actor', 'bert', '--reason', 'seen at the bank')
    return proposed['orders']


def state(tieout):
    return [order['state'] for order in json.loads(tieout.run('post', 'list', 'tryton', '--json'))['orders']]


def expect(holds, said):
    if not holds:
        sys.exit('not as it should be: %s' % (said,))
