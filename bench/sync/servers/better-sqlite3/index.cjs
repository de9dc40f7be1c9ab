/**
 * Stands in for better-sqlite3 under @hocuspocus/extension-sqlite: the real one aborts under Node 24. Both are thin bindings of the
 * same SQLite, and the extension calls only the constructor, `exec`, and a prepared statement's `get` and `run`, which agree.
 */
const { DatabaseSync } = require('node:sqlite');

module.exports = DatabaseSync;
