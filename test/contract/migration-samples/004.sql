-- A state as text, with the one character that PostgreSQL has no place for, as JSON says it.
UPDATE task SET projection = replace(projection, 'Greet in French', 'Greet in\u0000 French') WHERE id = '1300192-7-1';
