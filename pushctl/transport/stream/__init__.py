"""A multiplexing HTTP/2 client in a room of its own: it keeps what httpx loses, GOAWAY reasons above all.

``frames`` and ``tunnel`` know bytes, ``dial`` makes connections, ``connection`` speaks HTTP/2, ``client`` is the
transport.
"""
