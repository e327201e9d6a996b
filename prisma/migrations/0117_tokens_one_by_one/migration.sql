-- The same tokens as before (0063), put to their list one by one: a list joined to a list is copied whole, with each word. What a dossier of two thousand parcels is found by took as long
-- as a statement may, at the end of its transaction: it was never taken in, and tried again and again.
CREATE OR REPLACE FUNCTION search_tokens(unit integer, told text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  tokens text[] := ARRAY[E'\t' || unit];
  word text;
  runs text[];
  run text;
BEGIN
  FOREACH word IN ARRAY string_to_array(translate(told, E'\n', ' '), ' ') LOOP
    CONTINUE WHEN word = '';
    tokens := tokens || ('   ' || left(word, 1));
    tokens := tokens || ('  ' || left(word, 2));
    runs := ARRAY[word];
    IF word ~ '[0-9]' THEN
      FOR place IN 1..length(word) - 2 LOOP
        tokens := tokens || (' ' || substr(word, place, 3));
      END LOOP;
      CONTINUE WHEN word !~ '^[^0-9]|[^0-9]{3}';
      runs := ARRAY(SELECT part[1] FROM regexp_matches(word, '^[^0-9]+|[^0-9]{3,}', 'g') AS part);
    END IF;
    FOREACH run IN ARRAY runs LOOP
      FOR piece IN 0..CASE WHEN length(run) > 60 THEN (length(run) - 1) / 30 ELSE 0 END LOOP
        tokens := tokens || substr(run, 1 + 30 * piece, 60);
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN tokens;
END $$;
