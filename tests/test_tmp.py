from campaign.foundation import audit
def test_seal(database):
    with database.unit_of_work() as db:
        audit.append(db,"x",subject="a:1")
        audit.append(db,"x",subject="a:2")
    with database.unit_of_work() as db:
        assert audit.seal(db)==2
    with database.reading() as db:
        v=audit.verify(db); assert v.broken is None and v.rows==2
