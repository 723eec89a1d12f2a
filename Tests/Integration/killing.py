# SPDX-License-Identifier: Apache-2.0
"""Syncs against a Tryton that changes, killed at random places; at the end both must say the same to the cent."""
import collections
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import time

from books import Books
from wire import Kill, Wire


class Tieout:
    """A company of its own that pulls through a wire."""
    def __init__(self, binary, folder, wire, more=''):
        self.binary, self.folder, self.wire = os.path.abspath(binary), pathlib.Path(folder), wire
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / 'tieout.yaml').write_text(
            'companies:\n  - id: acme\n    home_currency: EUR\n    authority: source\n'
            '    accounts: [{ id: NL91ABNA0417164300 }]\n    sources:\n'
            '      - { id: tryton, mapping: tryton, config: { base: "%s", user: admin }%s }\n' % (wire.url, more))
        self.env = dict(os.environ, TIEOUT_SECRET_TRYTON_PASSWORD='admin', SWIFT_BACKTRACE='enable=no')

    def start(self, *words):
        return subprocess.Popen([self.binary, *words], cwd=self.folder, env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, fine=(0,)):
        done = subprocess.run([self.binary, *words], cwd=self.folder, env=self.env, capture_output=True, text=True)
        if fine and done.returncode not in fine:
            sys.exit('tieout %s: %d\n%s%s' % (' '.join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def rows(self, *words):
        lines = [json.loads(line) for line in self.run('list', *words, '--json').splitlines() if line.strip()]
        return lines[0] if len(lines) == 1 and isinstance(lines[0], list) else lines

    def sync(self):
        """A run to its end: how long it took, how many calls it made, and how long it worked after the last answer."""
        self.wire.begin(None)
        began = time.time()
        self.run('sync')
        whole = time.time() - began
        last = max((call[1] for call in self.wire.calls), default=0)
        return whole, len(self.wire.calls), max(0.02, whole - last)

    def killed(self, kill=None, after=None, *words):
        """Whether it was killed, after `after` seconds or where `kill` says."""
        process = self.start(*(words or ('sync',)))
        self.wire.begin(process, kill)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        return process.returncode == -9


# -- Both say the same

def compare(url, tieout, say):
    """Every open bill, every customer, and the whole; ends the script where one cent differs."""
    books = Books(url)
    theirs, owed, ledger = books.open_bills(), books.owed(), books.ledger()
    ours, by_customer = {}, collections.Counter()
    for row in tieout.rows('invoices', '--open'):
        amount = round(float(row.get('open', 0)) * 100)
        if amount:
            ours[row['number']] = amount
            by_customer[row['customer_id']] += amount
    wrong = [(number, ours.get(number), theirs.get(number)) for number in sorted(set(ours) | set(theirs))
             if ours.get(number) != theirs.get(number)]
    wrong += [('customer ' + one, by_customer.get(one, 0), owed.get(one, 0)) for one in sorted(set(by_customer) | set(owed))
              if by_customer.get(one, 0) != owed.get(one, 0)]
    if sum(ours.values()) != ledger:
        wrong.append(('in total', sum(ours.values()), ledger))
    holds = 'holds' in tieout.run('verify', fine=())
    told = [row for row in tieout.rows('exceptions', '--open') if row.get('kind') == 'TIE-OUT']
    say('%d open bills of %d customers, %.2f EUR here, %.2f EUR in the receivable accounts of Tryton; %d differ; '
        '%d tie-out exceptions; verify %s' % (
            len(theirs), len(owed), sum(ours.values()) / 100, ledger / 100, len(wrong), len(told), 'holds' if holds else 'FAILS'))
    for line in wrong[:20]:
        say('  %s: tieout %s, tryton %s' % line)
    if wrong or told or not holds:
        sys.exit('they do not say the same')


# -- What people do there

def posted(books, *more):
    """Some bills that are open: id and cents."""
    bills = books.read('account.invoice', [['type', '=', 'out'], ['state', '=', 'posted'], ['total_amount', '>', 5], *more], ['number'])
    return [bill['id'] for bill in bills]


def due(books, chance, bills, least=500, unpaid=False):
    # What is open of a bill is computed when it is asked for: of all of them that takes long.
    few = chance.sample(bills, min(len(bills), 12))
    found = books.read('account.invoice', [['id', 'in', few], ['state', '=', 'posted']], ['amount_to_pay', 'payment_lines'])
    fits = [bill for bill in found if float(bill['amount_to_pay']['decimal']) * 100 >= least
            and not (unpaid and bill['payment_lines'])]
    return [(bill['id'], round(float(bill['amount_to_pay']['decimal']) * 100)) for bill in fits]


def steps(url, seed):
    """One of each, by name."""
    chance, books = random.Random(seed), Books(url)
    bills = posted(books)
    pick = lambda **more: chance.choice(due(books, chance, bills, **more) or due(books, chance, bills, **more))
    term = books.read('account.invoice.payment_term', [['name', '=', 'three instalments']], ['name'])[0]['id']

    def instalments():
        split = posted(books, ['payment_term', '=', term])
        books.add_bill(chance.choice(split))

    def part():
        bill, cents = pick()
        books.pay(bill, chance.randint(1, cents - 1))

    return [
        ('a new bill', lambda: books.add_bill(chance.choice(bills))),
        ('a bill in three instalments', instalments),
        ('a bill changed', lambda: books.alter(chance.choice(bills), 'PO-%d' % chance.randint(10 ** 6, 10 ** 7))),
        ('a part payment', part),
        ('the whole paid', lambda: books.pay(*pick())),
        ('a credit note', lambda: books.add_bill(chance.choice(bills), sign=-1)),
        ('a bill credited as a whole', lambda: books.credit(pick(unpaid=True)[0])),
        ('a bill cancelled', lambda: books.cancel(pick(unpaid=True)[0]))]


def change(url, seed):
    """A few of them, at random."""
    some = steps(url, int(seed))
    for name, body in random.Random(int(seed)).choices(some, k=random.Random(int(seed)).randint(1, 3)):
        body()


# -- The rounds

def rounds(url, binary, folder, count, say=print):
    count, wire, chance = int(count), Wire(url), random.Random(11)
    folder = pathlib.Path(folder)
    calm = Tieout(binary, folder / 'calm', wire)
    whole, calls, tail = calm.sync()
    say('a full sync: %.1f s, %d calls' % (whole, calls))
    compare(url, calm, say)
    for name, body in steps(url, 5):
        body()
        took, few, _ = calm.sync()
        say('then %s: %.2f s, %d calls' % (name, took, few))
    compare(url, calm, say)
    short, few, tail = calm.sync()

    # The other one knows nothing yet: a twentieth of the kills falls into its first sync.
    other = Tieout(binary, folder / 'killed', wire)
    places, kinds, killed, ended = collections.Counter(), collections.Counter(), 0, 0
    first, began = max(1, count // 20), time.time()
    while killed < count and killed + ended < 3 * count:
        number = killed + ended
        if killed == first:
            other.sync()
        if number % 4 == 3:
            change(url, number)
        length, most, end = (whole, calls, tail) if killed < first else (short, few + 1, tail)
        kind = chance.choice(('moment', 'call', 'answer', 'landing'))
        if kind == 'moment':
            dead = other.killed(None, chance.random() * length)
        elif kind == 'landing' and killed >= first:
            dead = landing(other, few, chance.random() * end)
        else:
            dead = other.killed(Kill(chance.randint(1, most), kind == 'answer'))
        where, place = wire.where()
        if dead:
            killed += 1
            places[place] += 1
            kinds[kind] += 1
        else:
            ended += 1
        say('round %d: %s by %s %s' % (number + 1, 'killed' if dead else 'ended before it could be killed', kind, where if dead else ''))
    say('%d rounds in %.0f s: %d killed, %d ended first; kills by %s' % (
        killed + ended, time.time() - began, killed, ended, ', '.join('%s %d' % pair for pair in sorted(kinds.items()))))
    say('where they fell: ' + ', '.join('%s %d' % pair for pair in places.most_common()))
    change(url, 999)
    for one in (other, calm):
        one.sync()
        compare(url, one, say)
    # A bill that was cancelled before it was ever seen has nothing open, one that was cancelled later 0.00.
    listed = [[dict({key: row.get(key) for key in ('number', 'customer_id', 'total', 'status', 'due_on')}, open=row.get('open') or '0.00')
               for row in one.rows('invoices')] for one in (calm, other)]
    key = lambda row: json.dumps(row, sort_keys=True)
    same = sorted(map(key, listed[0])) == sorted(map(key, listed[1]))
    say('%d bills in all; the books that were killed and those that were not hold the same: %s' % (len(listed[0]), same))
    if not same:
        sys.exit('the killed books differ from the others')


def landing(tieout, calls, seconds):
    """Dead a while after it has every answer."""
    process = tieout.start('sync')
    tieout.wire.begin(process)
    while process.poll() is None and sum(call[2] for call in tieout.wire.calls) < calls:
        time.sleep(0.001)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode == -9
