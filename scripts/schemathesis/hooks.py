"""What schemathesis cannot guess: who is verified, and which PIN came by SMS.

Requests that are to be accepted get the credentials of a verified user of the demo, and confirmations
the PIN of their request, so that every answer of success is checked too. What is to be refused is
left as it was made.
"""

import itertools
import json
import os
import sqlite3
import threading

import schemathesis

FOLDER = os.environ["CARPETA_DEMO"]
USERS = 60


def database():
    return sqlite3.connect(f"{FOLDER}/clave-segura.db", timeout=30)


with open(f"{FOLDER}/acceso-demo.json") as access:
    PASSWORD = json.load(access)["clave"]

with database() as db:
    # The demo's staff user has a password whose hash is there: the users of this trial share it.
    (password_hash,) = db.execute("SELECT clave_hash FROM funcionarios").fetchone()
    db.executemany(
        "INSERT INTO usuarios_verificados (camara, email, celular, tipoidentificacion, identificacion, nombre, estado,"
        " fecha_hora_creacion, fecha_hora_verificacion, claveacceso, ano) VALUES ('55', ?, ?, '1', ?, 'PERSONA DE PRUEBA',"
        " 'VE', 0, 0, ?, 2026)",
        [
            (f"u{number}@correo.example", f"39{number:08}", str(700_000 + number), password_hash)
            for number in range(USERS)
        ],
    )
db.close()

turn = itertools.count()
lock = threading.Lock()


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def pin_of(code):
    db = database()
    found = db.execute(
        "SELECT b.texto FROM buzon_sms b JOIN usuarios_verificados u ON u.celular = b.celular"
        " JOIN firmas f ON f.usuario_id = u.id WHERE f.codigo = ? ORDER BY b.id DESC LIMIT 1",
        (code,),
    ).fetchone()
    db.close()
    return found[0].split()[3] if found else None


def let_a_minute_pass(code):
    with database() as db:
        db.execute("UPDATE firmas SET pin_enviado_en = pin_enviado_en - 60000 WHERE codigo = ?", (code,))
    db.close()


@schemathesis.hook
def before_call(context, case, kwargs):
    if not is_positive(case):
        return
    with lock:
        number = next(turn)
    # One in four stays as it was made: wrong credentials and wrong PINs have answers too.
    if number % 4 == 0:
        return
    if case.operation.label == "GET /api/v1/camaras/{camara}/llaves":
        case.path_parameters["camara"] = "55"
    if case.operation.label == "POST /api/v1/firmas/{id}/reenviar":
        let_a_minute_pass(case.path_parameters["id"])
    if case.operation.label == "POST /api/v1/firmas":
        user = number % USERS
        case.body |= {
            "identificacion": str(700_000 + user),
            "correo": f"u{user}@correo.example",
            "clave": PASSWORD,
        }
    if case.operation.label == "POST /api/v1/firmas/{id}/confirmar":
        pin = pin_of(case.path_parameters["id"])
        if pin:
            case.body |= {"pin": pin}
