#!/usr/bin/python3
"""Other people's Modbus: units 3 and 7 by python3-pymodbus, on a pty at PATH or behind a TCP port.

pymodbus_slave.py rtu PATH | tcp
Holding registers 0..999 hold their own number, input registers 1000 more, coils are off, every third input is on; what
is written stays. Frames, data and
answers are pymodbus's; only the bytes are carried here (its servers want a package for serial ports that we do not
need). Prints `ready PATH` or `ready PORT`, and ends with whoever started it.
"""
import asyncio
import logging
import os
import pty
import sys
import tty

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.factory import ServerDecoder
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

UNITS = (3, 7)


def unit():
    return ModbusSlaveContext(
        hr=ModbusSequentialDataBlock(0, list(range(1000))),
        ir=ModbusSequentialDataBlock(0, list(range(1000, 2000))),
        co=ModbusSequentialDataBlock(0, [False] * 3000),
        di=ModbusSequentialDataBlock(0, [n % 3 == 0 for n in range(3000)]),
        zero_mode=True,
    )


class Units:
    def __init__(self, framer):
        self.context = ModbusServerContext(slaves={one: unit() for one in UNITS}, single=False)
        self.framer = framer(ServerDecoder())

    def hear(self, data, write):
        self.framer.processIncomingPacket(
            data, lambda request: self.answer(request, write), unit=[0, *UNITS], single=False
        )

    def answer(self, request, write):
        if request.unit_id == 0:
            for one in UNITS:
                request.execute(self.context[one])
            return
        if request.unit_id not in UNITS:
            return
        response = request.execute(self.context[request.unit_id])
        response.transaction_id = request.transaction_id
        response.unit_id = request.unit_id
        write(self.framer.buildPacket(response))


def serve_rtu(path):
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), path)
    units = Units(ModbusRtuFramer)
    asyncio.get_running_loop().add_reader(
        master, lambda: units.hear(os.read(master, 1024), lambda data: os.write(master, data))
    )
    return path


async def serve_tcp():
    async def connected(reader, writer):
        units = Units(ModbusSocketFramer)
        while data := await reader.read(1024):
            units.hear(data, writer.write)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    return server.sockets[0].getsockname()[1], server


async def main():
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it logs every refusal
    starter = os.getppid()
    place, *kept = [serve_rtu(sys.argv[2])] if sys.argv[1] == "rtu" else await serve_tcp()
    print("ready", place, flush=True)
    while os.getppid() == starter:
        await asyncio.sleep(1)
    del kept


asyncio.run(main())
