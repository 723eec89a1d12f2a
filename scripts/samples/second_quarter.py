#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the inputs and the timeline of Tests/Fixtures/SecondQuarter: Serra Clara Ltda, October to December 2026.

The expected figures there are worked out by hand (SecondQuarter.md) and are not written by this script.
"""
import json
import os
import pathlib
import shutil
from decimal import Decimal as D

ROOT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/SecondQuarter"
os.makedirs(ROOT, exist_ok=True)
os.chdir(ROOT)
shutil.rmtree("inputs", ignore_errors=True)
BRL='BR1500000000000010932840814P2'; USD='GB33BUKB20201555555555'
def w(day,name,text):
    os.makedirs(f'inputs/{day}',exist_ok=True)
    pathlib.Path(f'inputs/{day}/{name}').write_text(text)
def table(day,name,head,rows):
    w(day,name,head+'\n'+'\n'.join(rows)+'\n')
# customers
C={1:'Alvorada Moveis Ltda',2:'Bering Trading Inc',3:'Casa Cedro Ltda',4:'Dourado Cafe Ltda',5:'Estrela Gesso Ltda',6:'Fazenda Figueira SA',7:'Girassol Papel Ltda',8:'Horizonte Tintas Ltda',9:'Ipanema Luz Ltda',10:'Jatoba Madeiras Ltda',11:'Kaikan Alimentos SA',12:'Lagoa Azul Piscinas Ltda',13:'Meridian Optics LLC',14:'Nova Trilha Ltda',15:'Ouro Fino Joias Ltda',16:'Pedra Branca Ltda',17:'Quintal Verde Ltda',18:'Ribeira Pesca SA',19:'Sabia Editora Ltda',20:'Tucano Tecidos Ltda',21:'Umbu Sucos Ltda',22:'Vila Rica Vidros Ltda',23:'Xingu Barcos Ltda'}
US={2,13}
def cid(n): return f'K-{n:02d}'
def acct(n): return (f'US{n:02d}-77{n:04d}' if n in US else f'BR-341-{n:05d}')
rows=[]
for n,name in C.items():
    rows.append(f'{cid(n)},{n:05d},{name},business,+{"1212555" if n in US else "551199999"}{n:04d},{"US" if n in US else "BR"},{"en" if n in US else "pt-BR"},{"America/New_York" if n in US else "America/Sao_Paulo"},{acct(n)},true,false,false')
table('2026-10-01','customers.csv','id,number,name,party_type,phone,country,language,time_zone,account,opted_in,opted_out,do_not_automate',rows)
H='number,kind,customer_id,customer_name,currency,issued_on,due_on,total,open,corrects,correction,discount_percent,discount_until,rate,total_base,collection_method,net,tax'
def inv(day,*docs,name='invoices.csv'):
    out=[]
    for d in docs:
        num,n,cur,iss,due,total=d[:6]; x=d[6] if len(d)>6 else {}
        out.append(','.join([num,x.get('kind','invoice'),cid(n),C[n],cur,iss,due,total]+[x.get(k,'') for k in ['open','corrects','correction','discount_percent','discount_until','rate','total_base','collection_method','net','tax']]))
    table(day,name,H,out)
inv('2026-10-01',
 ('A-900',1,'BRL','2026-08-11','2026-09-10','2000.00',{'open':'1500.00'}),
 ('A-901',2,'USD','2026-09-15','2026-10-15','700.00',{'open':'700.00'}),
 ('A-850',4,'BRL','2026-05-02','2026-06-01','112.00',{'open':'12.00'}),
 ('NC-77',3,'BRL','2026-08-20','2026-08-20','-60.00',{'open':'-60.00','kind':'credit_note'}),name='opening.csv')
# before the invoice: the credit note of B-004
inv('2026-10-05',
 ('C-001',13,'USD','2026-10-02','2026-11-01','1000.00',{'rate':'5.3000','total_base':'5300.00'}),
 ('B-001',5,'BRL','2026-10-01','2026-10-31','1000.00',{'discount_percent':'3','discount_until':'2026-10-11','net':'820.00','tax':'180.00'}),
 ('B-003',7,'BRL','2026-10-01','2026-10-20','2400.00'),
 ('NC-B1',8,'BRL','2026-10-05','2026-10-05','-200.00',{'kind':'credit_note','corrects':'B-004','correction':'difference'}))
table('2026-10-05','instalments.csv','number,kind,customer_id,customer_name,currency,issued_on,due_on,total,instalment_1_due_on,instalment_1_amount,instalment_2_due_on,instalment_2_amount,instalment_3_due_on,instalment_3_amount',
 [f'B-002,invoice,K-06,{C[6]},BRL,2026-10-01,2026-11-30,900.00,2026-10-15,300.00,2026-10-20,300.00,2026-11-30,300.00'])
inv('2026-10-13',
 ('B-004',8,'BRL','2026-10-05','2026-11-04','1200.00'),
 ('B-005',9,'BRL','2026-10-06','2026-10-27','640.00'),
 ('B-007',10,'BRL','2026-10-07','2026-10-23','350.00'),
 ('B-008',11,'BRL','2026-10-08','2026-10-22','800.00',{'collection_method':'direct_debit'}),
 ('B-010',14,'BRL','2026-10-08','2026-11-10','2700.00'))
inv('2026-10-19',
 ('B-006',9,'BRL','2026-10-14','2026-10-30','620.00',{'corrects':'B-005','correction':'replacement'}),
 ('B-011',15,'BRL','2026-10-15','2026-10-29','1100.00'),
 ('B-012',16,'BRL','2026-10-15','2026-10-29','560.00'),
 ('B-013',17,'BRL','2026-10-16','2026-10-30','990.00'),
 ('B-014',18,'BRL','2026-10-16','2026-10-30','410.00'),
 ('B-015',19,'BRL','2026-10-16','2026-10-30','275.00'),
 ('B-016',20,'BRL','2026-10-16','2026-10-30','480.00'),
 ('B-017',20,'BRL','2026-10-19','2026-11-03','260.00'))
inv('2026-11-03',
 ('B-009',12,'BRL','2026-11-03','2026-11-17','500.00'),
 ('B-018',3,'BRL','2026-11-03','2026-11-17','55.00'),
 ('B-019',21,'BRL','2026-11-03','2026-11-24','330.00'))
inv('2026-11-10',
 ('B-020',22,'BRL','2026-10-29','2026-11-28','300.00'),
 ('B-021',23,'BRL','2026-11-09','2026-11-23','150.00'))
inv('2026-11-18',('NC-B2',18,'BRL','2026-11-17','2026-11-17','-410.00',{'kind':'credit_note','corrects':'B-014','correction':'difference'}))
inv('2026-12-07',('B-022',1,'BRL','2026-12-07','2026-12-21','610.00'))
# promises
PH='id,customer_id,invoice_id,amount,currency,promised_for,promised_on,taken_by,channel'
def prom(day,*rows): table(day,'promises.csv',PH,rows)
prom('2026-10-06','Q-01,K-01,A-900,1500.00,BRL,2026-10-14,2026-10-06,lia,phone')
prom('2026-10-20','Q-02,K-07,B-003,1400.00,BRL,2026-10-28,2026-10-20,lia,phone')
prom('2026-11-04',
 'Q-03,K-15,B-011,1100.00,BRL,2026-11-18,2026-11-04,lia,phone',
 'Q-04,K-16,B-012,560.00,BRL,2026-11-12,2026-11-04,rui,phone',
 'Q-05,K-17,B-013,990.00,BRL,2026-11-25,2026-11-04,rui,phone',
 'Q-06,K-18,B-014,410.00,BRL,2026-11-27,2026-11-04,rui,phone',
 'Q-07,K-19,B-015,275.00,BRL,2026-11-13,2026-11-04,lia,phone',
 'Q-08,K-09,B-006,620.00,BRL,2026-11-16,2026-11-04,lia,phone')
prom('2026-11-11','Q-09,K-19,B-015,275.00,BRL,2026-11-27,2026-11-11,lia,phone')
# bank
NS='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'
def entry(ref,amt,cur,book,val,name,acc,text,dbit=False,ret=False,instd=None,e2e=None):
    code=('ICDT' if dbit else 'RCDT')
    sub='UPDD' if ret else 'ESCT'
    fam='IDDT' if ret else code
    party='Cdtr' if dbit and not ret else 'Dbtr'
    amtd=''
    if instd:
        ia,ic,rate=instd
        amtd=f'<AmtDtls><InstdAmt><Amt Ccy="{ic}">{ia}</Amt><CcyXchg><SrcCcy>{ic}</SrcCcy><TrgtCcy>{cur}</TrgtCcy><UnitCcy>{ic}</UnitCcy><XchgRate>{rate}</XchgRate></CcyXchg></InstdAmt><TxAmt><Amt Ccy="{cur}">{amt}</Amt></TxAmt></AmtDtls>'
    rtr='<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>' if ret else ''
    return f'''<Ntry><NtryRef>{ref}</NtryRef><Amt Ccy="{cur}">{amt}</Amt><CdtDbtInd>{'DBIT' if dbit else 'CRDT'}</CdtDbtInd>{'<RvslInd>false</RvslInd>' if False else ''}<Sts>BOOK</Sts><BookgDt><Dt>{book}</Dt></BookgDt><ValDt><Dt>{val}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{fam}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>{e2e or 'NOTPROVIDED'}</EndToEndId></Refs>{amtd}<RltdPties><{party}><Nm>{name}</Nm></{party}><{party}Acct><Id><Othr><Id>{acc}</Id></Othr></Id></{party}Acct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{rtr}</TxDtls></NtryDtls></Ntry>'''
STM={'BRL':[],'USD':[]}
class Acc:
    def __init__(s,cur,iban,start): s.cur,s.iban,s.bal,s.no=cur,iban,D(start),0
    def stmt(s,frm,to,entries):
        s.no+=1; o=s.bal
        for e in entries: s.bal+= (-1 if e[-1] else 1)*D(e[1])
        xml=''.join(e[0] for e in entries)
        return f'''<Stmt><Id>{s.cur}-{s.no:03d}</Id><ElctrncSeqNb>{s.no}</ElctrncSeqNb><LglSeqNb>{s.no}</LglSeqNb><CreDtTm>{to}T22:00:00Z</CreDtTm><FrToDt><FrDtTm>{frm}T00:00:00</FrDtTm><ToDtTm>{to}T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>{s.iban}</IBAN></Id><Ccy>{s.cur}</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="{s.cur}">{o}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{frm}</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="{s.cur}">{s.bal}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{to}</Dt></Dt></Bal>{xml}</Stmt>'''
def file(day,name,*st): w(day,name,f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NS}"><BkToCstmrStmt><GrpHdr><MsgId>{day}-{name}</MsgId><CreDtTm>{day}T05:00:00Z</CreDtTm></GrpHdr>{"".join(st)}</BkToCstmrStmt></Document>\n')
k=[0]
def pay(n,amt,book,text,val=None,cur='BRL',**x):
    k[0]+=1; ref=f'{cur[0]}{k[0]:04d}'
    return (entry(ref,amt,cur,book,val or book,C[n],acct(n),text,**x),amt,x.get('dbit',False))
b=Acc('BRL',BRL,'50000.00'); u=Acc('USD',USD,'1000.00')
file('2026-10-05','bank-usd.xml',u.stmt('2026-10-01','2026-10-02',[]))
file('2026-10-05','bank.xml',b.stmt('2026-10-01','2026-10-02',[]))
file('2026-10-13','bank.xml',b.stmt('2026-10-05','2026-10-09',[pay(5,'970.00','2026-10-09','NF B-001 desconto')]))
file('2026-10-13','bank-usd.xml',u.stmt('2026-10-05','2026-10-09',[]))
file('2026-10-19','bank.xml',b.stmt('2026-10-13','2026-10-16',[pay(6,'300.00','2026-10-14','B-002 parcela 1'),pay(12,'500.00','2026-10-15','pedido 4711')]))
file('2026-10-19','bank-usd.xml',u.stmt('2026-10-12','2026-10-16',[pay(2,'700.00','2026-10-14','Invoice A-901',cur='USD')]))
file('2026-10-26','bank.xml',b.stmt('2026-10-19','2026-10-23',[pay(7,'1000.00','2026-10-19','NF B-003 parcial'),pay(10,'350.00','2026-10-20','B-007'),pay(10,'350.00','2026-10-21','B-007'),pay(1,'1500.00','2026-10-22','A-900')]))
file('2026-10-26','bank-usd.xml',u.stmt('2026-10-19','2026-10-23',[]))
file('2026-11-03','bank.xml',b.stmt('2026-10-26','2026-10-30',[pay(11,'800.00','2026-10-26','Debito B-008',e2e='DD-B008'),pay(7,'700.00','2026-10-29','NF B-003')]))
# the USD statement of that week is late: it comes on 12 November
usdlate=u.stmt('2026-10-26','2026-10-30',[pay(14,'500.00','2026-10-30','B-010',cur='USD',instd=('2700.00','BRL','0.185185'))])
usd45=u.stmt('2026-11-02','2026-11-06',[])
file('2026-11-09','bank.xml',b.stmt('2026-11-03','2026-11-06',[pay(8,'1000.00','2026-11-03','NF B-004'),pay(10,'350.00','2026-11-05','Devolucao pagamento duplicado B-007',dbit=True),pay(11,'800.00','2026-11-06','Devolvido B-008',dbit=True,ret=True,e2e='DD-B008')]))
file('2026-11-09','bank-usd.xml',usd45)
file('2026-11-12','bank-usd.xml',usdlate)
file('2026-11-16','bank.xml',b.stmt('2026-11-09','2026-11-13',[pay(13,'5430.00','2026-11-09','Invoice C-001',instd=('1000.00','USD','5.4300')),pay(16,'400.00','2026-11-12','B-012')]))
file('2026-11-16','bank-usd.xml',u.stmt('2026-11-09','2026-11-13',[]))
# 17 November is missing until the 30th
s16=b.stmt('2026-11-16','2026-11-16',[]); s17=b.stmt('2026-11-17','2026-11-17',[pay(9,'620.00','2026-11-17','NF B-006'),pay(16,'160.00','2026-11-17','B-012 saldo',val='2026-11-13')]); s18=b.stmt('2026-11-18','2026-11-20',[pay(21,'330.00','2026-11-19','B-019')])
file('2026-11-23','bank.xml',s16,s18)
file('2026-11-23','bank-usd.xml',u.stmt('2026-11-16','2026-11-20',[]))
file('2026-11-24','bank.xml',s17)
file('2026-11-30','bank.xml',b.stmt('2026-11-23','2026-11-27',[pay(19,'274.50','2026-11-27','B-015'),pay(23,'100.00','2026-11-24','B-021')]))
file('2026-11-30','bank-usd.xml',u.stmt('2026-11-23','2026-11-27',[]))
file('2026-12-07','bank.xml',b.stmt('2026-11-30','2026-12-04',[pay(15,'1100.00','2026-12-02','B-011')]))
file('2026-12-07','bank-usd.xml',u.stmt('2026-11-30','2026-12-04',[]))
file('2026-12-31','bank.xml',b.stmt('2026-12-07','2026-12-30',[pay(1,'610.00','2026-12-22','B-022')]))
file('2026-12-31','bank-usd.xml',u.stmt('2026-12-07','2026-12-30',[]))
sig=lambda day,s: w(day,'signals.jsonl',s+'\n')
sig('2026-11-05','{"type":"signal","id":"S-1","customer":"K-20","kind":"dispute","at":"2026-11-05T13:00:00Z","invoices":["B-016"],"text":"faltou uma caixa","confidence":"0.95"}')
sig('2026-11-23','{"type":"signal","id":"S-2","customer":"K-22","kind":"opt_out","at":"2026-11-23T11:00:00Z","text":"parem","confidence":"0.99"}')
sig('2026-11-27','{"type":"signal","id":"S-3","customer":"K-23","kind":"promise","at":"2026-11-27T14:00:00Z","invoices":["B-021"],"amount":"150.00","currency":"BRL","promised_for":"2026-12-04","confirmed":false,"text":"acho que sexta","confidence":"0.6"}')

# What the accounting system states at each month end, for `close`.
for day, month, brl, usd in [
    ("2026-11-05", "2026-10-31", "8797.00", "1000.00"), ("2026-12-08", "2026-11-30", "5287.50", "0.00"),
    ("2026-12-31", "2026-12-31", "4175.50", "0.00"),
]:
    table(day, "balances.csv", "account,customer_id,currency,as_of,amount", [f"112,,BRL,{month},{brl}", f"112,,USD,{month},{usd}"])

# The days in order: what arrives, and whether a plan is made and handed over.
timeline = []


def on(day, *commands):
    dated = [c if c == ["verify"] else c + ["--as-of", day] for c in commands]
    timeline.append(dict(day=day, at=day + "T13:00:00Z", commands=dated))


def arriving(day, *names):
    return ["import"] + [f"inputs/{day}/{n}" for n in (names or sorted(os.listdir(f"inputs/{day}")))]


def week(day, *names, plans=True):
    after = [["plan"], ["deliver"]] if plans else []
    on(day, arriving(day, *names), ["reconcile"], ["promise", "evaluate"], *after)


def heard(day):
    return ["confirm", f"inputs/{day}/signals.jsonl"]


on("2026-10-01", arriving("2026-10-01"), ["reconcile"])
week("2026-10-05", plans=False)
on("2026-10-06", arriving("2026-10-06"), ["plan"], ["deliver"])
week("2026-10-13")
week("2026-10-19", plans=False)
on("2026-10-20", arriving("2026-10-20"), ["plan"], ["deliver"])
week("2026-10-26")
week("2026-11-03")
on("2026-11-04", arriving("2026-11-04"))
on("2026-11-05", heard("2026-11-05"), arriving("2026-11-05", "balances.csv"),
   ["close", "--month", "2026-10", "--actor", "rui"])
week("2026-11-09")
on("2026-11-10", arriving("2026-11-10"), ["reconcile"])
on("2026-11-11", arriving("2026-11-11"))
week("2026-11-12")
week("2026-11-16")
on("2026-11-18", arriving("2026-11-18"), ["reconcile"], ["promise", "evaluate"])
on("2026-11-19", ["promise", "withdraw", "Q-05", "--actor", "rui", "--reason", "cannot keep the day"])
on("2026-11-23", arriving("2026-11-23", "bank.xml", "bank-usd.xml"), ["reconcile"], ["promise", "evaluate"],
   heard("2026-11-23"), ["plan"], ["deliver"])
week("2026-11-24")
on("2026-11-27", heard("2026-11-27"))
week("2026-11-30")
week("2026-12-07")
on("2026-12-08", arriving("2026-12-08"), ["close", "--month", "2026-11", "--actor", "rui"])
on("2026-12-28", ["review", "allocate", "--write-off", "A-850=12.00", "--actor", "lia", "--reason", "not worth a letter"])
week("2026-12-31", plans=False)
on("2027-01-04", ["close", "--month", "2026-12", "--actor", "rui"], ["verify"])
pathlib.Path("timeline.json").write_text(json.dumps(timeline, ensure_ascii=False, indent=1) + "\n")
