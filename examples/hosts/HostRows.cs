// Rows of a host's database, through an ADO.NET data reader, into a registry file kept in step.
//
//   HostRows.exe DATABASE FILE.dangbo DAY
//
// Shown with SQLite under Mono; any IDataReader gives rows the same way. DBNull and "" are both
// missing; a date with a time of day loses the time; CHAR padded with spaces is trimmed; a numeric id
// is text without a decimal point; an end that still counts goes under "last day"; bytes are decoded
// by the encoding that the host names. The day is the mark: sent again, nothing is written twice.
using System;
using System.Collections.Generic;
using System.Data;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Data.Sqlite;

public static class HostRows {
  const string Lib = "dangbo";
  [DllImport(Lib)] static extern int dangbo_check_abi(uint major, uint minor);
  [DllImport(Lib)] static extern IntPtr dangbo_error_message(IntPtr error, int language);
  [DllImport(Lib)] static extern void dangbo_error_free(IntPtr error);
  [DllImport(Lib)] static extern int dangbo_registry_open(byte[] path, UIntPtr size, int mode, uint flags,
                                                          out IntPtr registry, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_change_create(IntPtr registry, out IntPtr change, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_change_begin_rows(IntPtr change, byte[] table, UIntPtr size, ulong rows,
                                                              byte[] source, UIntPtr sourceSize, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_change_text_column(IntPtr change, byte[] name, UIntPtr size, byte[] bytes,
                                                               long[] offsets, byte[] validity, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_change_end_rows(IntPtr change, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_registry_difference(IntPtr registry, IntPtr extract, byte[] json,
                                                                UIntPtr size, out IntPtr found, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_difference_counts(IntPtr found, out ulong rows, out ulong questions,
                                                              out ulong setAside, out IntPtr error);
  [DllImport(Lib)] static extern int dangbo_registry_commit_difference(IntPtr registry, IntPtr found, long time,
                                                                       byte[] mark, UIntPtr size, out ulong commit,
                                                                       out IntPtr error);
  [DllImport(Lib)] static extern void dangbo_difference_free(IntPtr handle);
  [DllImport(Lib)] static extern void dangbo_change_free(IntPtr handle);
  [DllImport(Lib)] static extern void dangbo_registry_free(IntPtr handle);

  static readonly Dictionary<string, string> Queries = new Dictionary<string, string> {
    {"units", "SELECT code AS unit_id, parent AS parent_id, name, kind, founded AS \"from\" FROM party_unit"},
    {"members", "SELECT id AS member_id, full_name, born AS birth_date FROM party_member"},
    {"memberships", "SELECT member AS member_id, unit AS unit_id, 'home' AS kind, since AS \"from\"," +
                    " last_day AS \"last day\" FROM party_home"},
  };

  static byte[] Utf8(string text) { return Encoding.UTF8.GetBytes(text); }
  static UIntPtr Size(byte[] bytes) { return (UIntPtr)bytes.Length; }

  static void Check(int status, IntPtr error) {
    if (status == 0) return;
    IntPtr text = dangbo_error_message(error, 0);
    var bytes = new List<byte>();
    for (int i = 0; Marshal.ReadByte(text, i) != 0; ++i) bytes.Add(Marshal.ReadByte(text, i));
    dangbo_error_free(error);
    throw new InvalidOperationException(Encoding.UTF8.GetString(bytes.ToArray()));
  }

  // Null: missing.
  static string Cell(object value, Encoding old) {
    if (value == null || value is DBNull) return null;
    if (value is byte[]) return old.GetString((byte[])value);
    if (value is DateTime) return ((DateTime)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    if (value is double && Math.Floor((double)value) == (double)value)
      return ((double)value).ToString("F0", CultureInfo.InvariantCulture);
    return Convert.ToString(value, CultureInfo.InvariantCulture);
  }

  // One column in the form the library takes: bytes end to end, where each begins, which are there.
  sealed class Column {
    readonly MemoryStream bytes = new MemoryStream();
    readonly List<long> offsets = new List<long> {0};
    readonly List<byte> validity = new List<byte>();

    public void Add(string text) {
      byte[] utf8 = Utf8(text ?? "");
      bytes.Write(utf8, 0, utf8.Length);
      offsets.Add(bytes.Length);
      validity.Add((byte)(text == null ? 0 : 1));
    }

    public void Give(IntPtr change, string name) {
      IntPtr error;
      byte[] title = Utf8(name);
      Check(dangbo_change_text_column(change, title, Size(title), bytes.ToArray(), offsets.ToArray(),
                                      validity.ToArray(), out error), error);
    }
  }

  static void AddTable(IntPtr change, string table, IDataReader reader, Encoding old) {
    IntPtr error;
    var columns = new Column[reader.FieldCount];
    for (int i = 0; i < columns.Length; ++i) columns[i] = new Column();
    ulong rows = 0;
    for (; reader.Read(); ++rows)
      for (int i = 0; i < columns.Length; ++i) columns[i].Add(Cell(reader.GetValue(i), old));
    byte[] name = Utf8(table);
    Check(dangbo_change_begin_rows(change, name, Size(name), rows, name, Size(name), out error), error);
    for (int i = 0; i < columns.Length; ++i) columns[i].Give(change, reader.GetName(i));
    Check(dangbo_change_end_rows(change, out error), error);
  }

  public static int Main(string[] arguments) {
    if (dangbo_check_abi(0, 2) != 1) throw new InvalidOperationException("another version of libdangbo");
    string database = arguments[0], file = arguments[1], day = arguments[2];
    Encoding old = Encoding.GetEncoding(1258);  // of columns kept as bytes
    IntPtr registry, change, found, error;
    ulong rows, questions, setAside, commit;
    byte[] path = Utf8(file), mark = Utf8("host " + day);
    byte[] options = Utf8("{\"difference\": 1, \"day\": \"" + day + "\"}");
    int mode = File.Exists(file) ? 1 : 2;  // DANGBO_OPEN_WRITE, DANGBO_OPEN_CREATE
    Check(dangbo_registry_open(path, Size(path), mode, 0, out registry, out error), error);
    Check(dangbo_change_create(registry, out change, out error), error);
    using (var connection = new SqliteConnection("Data Source=" + database + ";Read Only=True")) {
      connection.Open();
      foreach (var query in Queries) {
        using (var command = connection.CreateCommand()) {
          command.CommandText = query.Value;
          using (IDataReader reader = command.ExecuteReader()) AddTable(change, query.Key, reader, old);
        }
      }
    }
    Check(dangbo_registry_difference(registry, change, options, Size(options), out found, out error), error);
    Check(dangbo_difference_counts(found, out rows, out questions, out setAside, out error), error);
    Check(dangbo_registry_commit_difference(registry, found, 0, mark, Size(mark), out commit, out error), error);
    Console.WriteLine("commit {0}: {1} rows, {2} questions", commit, rows, questions);
    dangbo_difference_free(found);
    dangbo_change_free(change);
    dangbo_registry_free(registry);
    return 0;
  }
}
