#!/bin/sh
# A dump of the PostgreSQL database, proven readable, and a checkpoint of the record. Run by huiyin-backup.timer on one
# host. The master key is not in it: without the key the dump shows no personal value, with both it shows all.
set -eu
umask 077

folder=${HUIYIN_BACKUPS:-/var/backups/huiyin}
keep_days=${HUIYIN_BACKUP_DAYS:-30}
name=huiyin-$(date +%Y%m%d-%H%M%S).dump

case ${DATABASE_URL:-} in
postgresql*) address=$(printf %s "$DATABASE_URL" | sed 's/^postgresql+[a-z0-9]*:/postgresql:/') ;;
*) echo "DATABASE_URL is not the address of a PostgreSQL database" >&2; exit 2 ;;
esac

# first the checkpoint: the dump must hold everything that it counts
"${HUIYIN_FLASK:-.venv/bin/flask}" --app app facts checkpoint "$folder/checkpoints.txt"
pg_dump --format=custom --no-owner --dbname="$address" --file="$folder/$name.part"
pg_restore --list "$folder/$name.part" >/dev/null
mv "$folder/$name.part" "$folder/$name"
find "$folder" -name 'huiyin-*.dump*' -type f -mtime "+$keep_days" -delete
echo "$folder/$name"
