"""What Huawei's family of vendors shares: ``hms`` (Push Kit v1 and v2), ``harmony`` (v3) and, in part, ``honor``.

``answers`` reads what the push API says, ``receipts`` what its receipts say, ``oauth`` mints client-credentials tokens,
``service_account`` signs with a service account's key; ``errors.json`` holds the codes that both APIs share. Every
function is pure, and takes the vendor's own catalogue where it looks a code up.
"""
