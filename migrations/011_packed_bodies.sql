-- Where the database cannot compress a body itself, whoever stores it packs it (Brotli, RFC 7932): writing 20 kB took the
-- embedded database most of the time that a webhook took. The bytes of the body before it was packed; null where it lies
-- there as it came.
ALTER TABLE delivery ADD COLUMN unpacked_bytes integer;
