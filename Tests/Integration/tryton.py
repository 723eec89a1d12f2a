# SPDX-License-Identifier: Apache-2.0
"""A real Tryton 7.0 to pull from and to write into, and what to do with it.

    tryton.py install FOLDER                 a virtual environment with Tryton's modules, from PyPI
    tryton.py start FOLDER PORT [INVOICES]   make and fill the database once, then serve a copy of it on 127.0.0.1:PORT
    tryton.py stop FOLDER
    tryton.py truth URL                      what Tryton itself says is open: `number amount` lines, sorted
    tryton.py change URL SEED                a few bills, payments, credit notes and cancellations
    tryton.py rounds URL BINARY FOLDER N     a sync, increments, then N kills; both must say the same in the end
    tryton.py post URL BINARY FOLDER         payments written back, killed in between, refused, taken back
    tryton.py live FOLDER BINARY [INVOICES] [N]    all of it: install, fill, serve, N kills, write back, stop (`make live`)

Login admin / admin. URL is http://127.0.0.1:PORT/books. `install` and `start` need the network once; what was filled is kept
in FOLDER, and every `start` begins from it anew."""
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from books import Books
from killing import change, rounds
from writing import post

MODULES = ['account', 'account_invoice', 'account_payment', 'account_dunning']


def install(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'venv/bin/trytond').exists():
        subprocess.run([sys.executable, '-m', 'venv', str(folder / 'venv')], check=True)
        subprocess.run([str(folder / 'venv/bin/pip'), 'install', '-q', 'trytond==7.0.*', 'proteus==7.0.*']
                       + ['trytond_%s==7.0.*' % name for name in MODULES], check=True)


def setting(folder, name, more=''):
    """A configuration, and the environment to run with it."""
    conf = folder / name
    conf.write_text('[database]\nuri = sqlite://\npath = %s/data\n%s' % (folder, more))
    (folder / 'password').write_text('admin\n')
    return conf, dict(os.environ, TRYTOND_CONFIG=str(conf), TRYTONPASSFILE=str(folder / 'password'), PYTHONWARNINGS='ignore')


def filled(folder, count):
    """The database with so many bills, made once a year: they are this year's."""
    kept = folder / ('filled-%s-%d.sqlite' % (count, datetime.date.today().year))
    if kept.exists():
        return kept
    # What would be done later, such as a printed copy of each bill, is put by, and nobody takes it up.
    conf, env = setting(folder, 'fill.conf', '[queue]\nworker = True\n')
    books = folder / 'data/books.sqlite'
    began = time.time()
    clear(folder)
    books.touch()
    admin = [str(folder / 'venv/bin/trytond-admin'), '-c', str(conf), '-d', 'books']
    subprocess.run(admin + ['--all', '--email', 'admin@example.com'], check=True, env=env, capture_output=True)
    subprocess.run(admin + ['-u'] + MODULES[1:] + ['--activate-dependencies'], check=True, env=env, capture_output=True)
    fill = pathlib.Path(__file__).with_name('fill.py')
    subprocess.run([str(folder / 'venv/bin/python'), str(fill), count, str(books)], check=True, env=env)
    shutil.move(books, kept)
    print('a database with %s bills, made in %.0f s' % (count, time.time() - began), flush=True)
    return kept


def clear(folder):
    (folder / 'data').mkdir(exist_ok=True)
    for old in (folder / 'data').glob('books.sqlite*'):
        old.unlink()


def start(folder, port, count='60'):
    install(folder)
    folder = pathlib.Path(folder).resolve()
    kept = filled(folder, count)
    clear(folder)
    shutil.copy(kept, folder / 'data/books.sqlite')
    conf, env = setting(folder, 'trytond.conf', '[web]\nlisten = 127.0.0.1:%s\n' % port)
    log = open(folder / 'trytond.log', 'w')
    server = subprocess.Popen([str(folder / 'venv/bin/trytond'), '-c', str(conf)], env=env, stdout=log, stderr=log)
    (folder / 'pid').write_text(str(server.pid))
    for _ in range(240):
        try:
            Books('http://127.0.0.1:%s/books' % port)
            print('http://127.0.0.1:%s/books' % port, flush=True)
            return
        except OSError:
            time.sleep(0.5)
    sys.exit('tryton did not answer; see %s/trytond.log' % folder)


def stop(folder):
    pid = pathlib.Path(folder) / 'pid'
    if pid.exists():
        os.kill(int(pid.read_text()), signal.SIGTERM)
        pid.unlink()


def truth(url):
    for number, amount in sorted(Books(url).open_bills().items()):
        print(number, '%.2f' % (amount / 100))


def live(folder, binary, invoices='2000', count='100', port='8731'):
    start(folder, port, invoices)
    url = 'http://127.0.0.1:%s/books' % port
    try:
        with tempfile.TemporaryDirectory() as place:
            rounds(url, binary, place + '/sync', count, say)
            post(url, binary, place + '/post', say)
    finally:
        stop(folder)


def say(line):
    print(line, flush=True)


if __name__ == '__main__':
    commands = {'install': install, 'start': start, 'stop': stop, 'truth': truth, 'change': change, 'rounds': rounds,
                'post': post, 'live': live}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
