-- The bodies of deliveries are what takes room, and nobody reads one that was settled long ago: what followed from it is in
-- the events. Its digest stays, so that the same id with another body still shows. null while the body is there.
ALTER TABLE delivery ADD COLUMN body_digest bytea CHECK (octet_length(body_digest) = 32);
CREATE INDEX delivery_with_body ON delivery (received_at) WHERE outcome IS NOT NULL AND body_digest IS NULL;

-- Where LZ4 is missing, packing a body took the embedded database longer than writing all of it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE delivery ALTER COLUMN body SET STORAGE EXTERNAL;
  END IF;
END
$$;
