package millrace.local.verify;

import millrace.core.file.FileFormat;

/**
 * Hard rows of one type in one format, as the writer would write them.
 *
 * @param type full name of its events' type
 * @param table its raw table
 * @param format of the file
 * @param key of the object, below {@link GoldenFiles#ROOT}: no pipe of a raw table takes it
 * @param bytes the file
 * @param expected the rows as JSON lines, which the comparison reads
 */
record GoldenFile(
    String type, String table, FileFormat format, String key, byte[] bytes, byte[] expected) {}
