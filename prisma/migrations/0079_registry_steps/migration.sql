-- Bước tại cơ quan đất đai of each event. Before, it stood in the note alone, as its first word in brackets: "Thẩm định (APPRAISAL); …".
ALTER TABLE "dossier_event" ADD COLUMN "step" TEXT;
UPDATE "dossier_event" SET "step" = substring("note" FROM '^[^(;]*\(([A-Za-z0-9_.-]+)\)')
  WHERE "origin" = 'VILIS' AND "applied" AND "kind" IN ('STATUS_CHANGED', 'STEP_REPORTED') AND "status_to" = 'IN_PROGRESS'
    AND "note" ~ '^[^(;]*\([A-Za-z0-9_.-]+\)';
