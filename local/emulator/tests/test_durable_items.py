"""An item that DynamoDB has accepted is there until it is deleted, whatever happens to the emulator; keys and secrets too."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from emulator_process import Emulator

TABLE = "millrace-dev-subject-keys"


def make_table(emulator: Emulator) -> None:
    """As a run does: made by the deployment, then saved once."""
    emulator.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert emulator.save() == 204


def item(name: str, key: bytes = b"\x00wrapped\xff") -> dict[str, Any]:
    return {"name": {"S": name}, "wrapped_key": {"B": key}}


def items(emulator: Emulator) -> dict[str, dict[str, Any]]:
    found = emulator.client("dynamodb").scan(TableName=TABLE, ConsistentRead=True)["Items"]
    return {each["name"]["S"]: each for each in found}


def kill(emulator: Emulator) -> None:
    emulator.end(signal.SIGKILL)
    emulator.start()


def test_items_outlive_a_kill_whichever_way_they_were_written(emulator: Emulator) -> None:
    make_table(emulator)
    client = emulator.client("dynamodb")
    client.put_item(TableName=TABLE, Item=item("put"))
    client.update_item(
        TableName=TABLE,
        Key={"name": {"S": "updated"}},
        UpdateExpression="SET wrapped_key = :key",
        ConditionExpression="attribute_not_exists(wrapped_key)",
        ExpressionAttributeValues={":key": {"B": b"\x00wrapped\xff"}},
    )
    client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item("batch")}}]})
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item("transaction")}}])
    client.execute_statement(Statement=f"INSERT INTO \"{TABLE}\" VALUE {{'name': 'statement'}}")

    kill(emulator)

    whole = {name: item(name) for name in ("put", "updated", "batch", "transaction")}
    assert items(emulator) == whole | {"statement": {"name": {"S": "statement"}}}


def test_what_was_changed_and_deleted_stays_so_though_the_saved_state_is_older(emulator: Emulator) -> None:
    make_table(emulator)
    client = emulator.client("dynamodb")
    for name in ("erased", "deleted", "deleted in a batch", "deleted in a transaction"):
        client.put_item(TableName=TABLE, Item=item(name))
    assert emulator.save() == 204
    client.update_item(
        TableName=TABLE,
        Key={"name": {"S": "erased"}},
        UpdateExpression="REMOVE wrapped_key SET erased_at = :at",
        ExpressionAttributeValues={":at": {"N": "17"}},
    )
    client.delete_item(TableName=TABLE, Key={"name": {"S": "deleted"}})
    client.batch_write_item(RequestItems={TABLE: [{"DeleteRequest": {"Key": {"name": {"S": "deleted in a batch"}}}}]})
    client.transact_write_items(
        TransactItems=[{"Delete": {"TableName": TABLE, "Key": {"name": {"S": "deleted in a transaction"}}}}]
    )

    kill(emulator)
    kill(emulator)

    assert items(emulator) == {"erased": {"name": {"S": "erased"}, "erased_at": {"N": "17"}}}


def test_a_refused_write_and_a_refused_transaction_leave_nothing_behind(emulator: Emulator) -> None:
    make_table(emulator)
    client = emulator.client("dynamodb")
    client.put_item(TableName=TABLE, Item=item("first", b"one"))
    with pytest.raises(ClientError):
        client.put_item(
            TableName=TABLE,
            Item=item("first", b"two"),
            ConditionExpression="attribute_not_exists(#n)",
            ExpressionAttributeNames={"#n": "name"},
        )
    with pytest.raises(ClientError):
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": TABLE, "Item": item("second")}},
                {
                    "Put": {
                        "TableName": TABLE,
                        "Item": item("first", b"two"),
                        "ConditionExpression": "attribute_not_exists(wrapped_key)",
                    }
                },
            ]
        )
    with pytest.raises(ClientError):
        client.execute_transaction(
            TransactStatements=[
                {"Statement": f"INSERT INTO \"{TABLE}\" VALUE {{'name': 'third'}}"},
                {"Statement": f"INSERT INTO \"{TABLE}\" VALUE {{'name': 'first'}}"},
            ]
        )

    kill(emulator)

    assert items(emulator) == {"first": item("first", b"one")}


def test_a_table_that_is_deleted_and_made_again_is_empty(emulator: Emulator) -> None:
    make_table(emulator)
    emulator.client("dynamodb").put_item(TableName=TABLE, Item=item("old"))
    emulator.client("dynamodb").delete_table(TableName=TABLE)
    make_table(emulator)
    assert items(emulator) == {}
    kill(emulator)
    assert items(emulator) == {}


def test_a_write_that_a_kill_cut_in_two_was_accepted_by_nobody_and_stops_nobody(
    emulator: Emulator, tmp_path: Path
) -> None:
    make_table(emulator)
    emulator.client("dynamodb").put_item(TableName=TABLE, Item=item("whole"))
    emulator.end(signal.SIGKILL)
    [journal] = (tmp_path / "items").iterdir()
    with journal.open("a") as file:
        file.write('[["arn:aws:dynamodb:eu-west-1:1111')
    emulator.start()
    emulator.client("dynamodb").put_item(TableName=TABLE, Item=item("next"))
    kill(emulator)
    assert sorted(items(emulator)) == ["next", "whole"]


def test_an_orderly_end_keeps_items_too(emulator: Emulator) -> None:
    make_table(emulator)
    emulator.client("dynamodb").put_item(TableName=TABLE, Item=item("kept"))
    emulator.end(signal.SIGTERM)
    emulator.start()
    assert items(emulator) == {"kept": item("kept")}


def test_what_a_key_has_wrapped_is_unwrapped_behind_a_kill_and_a_secret_is_the_same(emulator: Emulator) -> None:
    key = emulator.client("kms").create_key()["KeyMetadata"]["KeyId"]
    secret = emulator.client("secretsmanager").create_secret(Name="millrace/dev/hash", SecretString="kept")["ARN"]
    emulator.save()
    context = {"millrace": "subject-keys"}
    made = emulator.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)

    kill(emulator)

    opened = emulator.client("kms").decrypt(KeyId=key, CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    assert emulator.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "kept"


def test_a_table_restored_from_a_backup_keeps_its_items(emulator: Emulator) -> None:
    make_table(emulator)
    client = emulator.client("dynamodb")
    client.put_item(TableName=TABLE, Item=item("backed up"))
    backup = client.create_backup(TableName=TABLE, BackupName="one")["BackupDetails"]["BackupArn"]
    client.restore_table_from_backup(TargetTableName="restored", BackupArn=backup)
    emulator.save()
    client.delete_item(TableName="restored", Key={"name": {"S": "backed up"}})
    client.put_item(TableName="restored", Item=item("later"))

    kill(emulator)

    assert [each["name"]["S"] for each in client.scan(TableName="restored")["Items"]] == ["later"]
    assert sorted(items(emulator)) == ["backed up"]
