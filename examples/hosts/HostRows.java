// Rows of a host's database, through JDBC, into a registry file kept in step.
//
//   java -cp jna.jar:sqlite-jdbc.jar:. HostRows LIBRARY DATABASE FILE.dangbo DAY
//
// Shown with SQLite; any ResultSet gives rows the same way. NULL and "" are both missing; a date with
// a time of day loses the time; CHAR padded with spaces is trimmed; a numeric id is text without a
// decimal point; an end that still counts goes under "last day"; bytes are decoded by the encoding
// that the host names. The day is the mark: sent again, nothing is written twice.
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

public class HostRows {
  static final Charset OLD_ENCODING = Charset.forName("windows-1258"); // of columns kept as bytes
  static final String[][] QUERIES = {
    {"units", "SELECT code AS unit_id, parent AS parent_id, name, kind, founded AS \"from\" FROM party_unit"},
    {"members", "SELECT id AS member_id, full_name, born AS birth_date FROM party_member"},
    {"memberships", "SELECT member AS member_id, unit AS unit_id, 'home' AS kind, since AS \"from\","
        + " last_day AS \"last day\" FROM party_home"},
  };
  static NativeLibrary lib;

  static void call(String name, Object... arguments) {
    PointerByReference error = new PointerByReference();
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = error;
    if (lib.getFunction("dangbo_" + name).invokeInt(all) == 0) return;
    Function message = lib.getFunction("dangbo_error_message");
    String text = message.invokePointer(new Object[] {error.getValue(), 0}).getString(0, "UTF-8");
    free("error", error);
    throw new IllegalStateException(text);
  }

  static void free(String kind, PointerByReference handle) {
    lib.getFunction("dangbo_" + kind + "_free").invokeVoid(new Object[] {handle.getValue()});
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Null: missing.
  static String cell(Object value) {
    if (value == null) return null;
    if (value instanceof byte[]) return new String((byte[]) value, OLD_ENCODING);
    if (value instanceof Double && Math.floor((Double) value) == (Double) value) {
      return java.math.BigDecimal.valueOf((Double) value).toBigInteger().toString();
    }
    return value.toString();
  }

  // One column in the form the library takes: bytes end to end, where each begins, which are there.
  static class Column {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<Long> offsets = new ArrayList<>(List.of(0L));
    final ByteArrayOutputStream validity = new ByteArrayOutputStream();

    void add(String text) {
      bytes.writeBytes(utf8(text == null ? "" : text));
      offsets.add((long) bytes.size());
      validity.write(text == null ? 0 : 1);
    }

    void give(PointerByReference change, String name) {
      // JNA passes no empty arrays.
      byte[] data = bytes.size() == 0 ? new byte[1] : bytes.toByteArray();
      byte[] valid = validity.size() == 0 ? new byte[1] : validity.toByteArray();
      long[] ends = offsets.stream().mapToLong(Long::longValue).toArray();
      call("change_text_column", change.getValue(), utf8(name), (long) utf8(name).length, data, ends, valid);
    }
  }

  static void addTable(PointerByReference change, String table, ResultSet result) throws SQLException {
    int count = result.getMetaData().getColumnCount();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; ++i) columns.add(new Column());
    long rows = 0;
    for (; result.next(); ++rows) {
      for (int i = 0; i < count; ++i) columns.get(i).add(cell(result.getObject(i + 1)));
    }
    byte[] name = utf8(table);
    call("change_begin_rows", change.getValue(), name, (long) name.length, rows, name, (long) name.length);
    for (int i = 0; i < count; ++i) columns.get(i).give(change, result.getMetaData().getColumnLabel(i + 1));
    call("change_end_rows", change.getValue());
  }

  public static void main(String[] arguments) throws SQLException {
    lib = NativeLibrary.getInstance(arguments[0]);
    if (lib.getFunction("dangbo_check_abi").invokeInt(new Object[] {0, 2}) != 1) {
      throw new IllegalStateException("another version of libdangbo");
    }
    String file = arguments[2];
    String day = arguments[3];
    PointerByReference registry = new PointerByReference();
    PointerByReference change = new PointerByReference();
    PointerByReference found = new PointerByReference();
    LongByReference rows = new LongByReference();
    LongByReference questions = new LongByReference();
    LongByReference commit = new LongByReference();
    int mode = new File(file).exists() ? 1 : 2; // DANGBO_OPEN_WRITE, DANGBO_OPEN_CREATE
    byte[] options = utf8("{\"difference\": 1, \"day\": \"" + day + "\"}");
    byte[] mark = utf8("host " + day);
    call("registry_open", utf8(file), (long) utf8(file).length, mode, 0, registry);
    call("change_create", registry.getValue(), change);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[1]);
        Statement statement = connection.createStatement()) {
      for (String[] query : QUERIES) {
        try (ResultSet result = statement.executeQuery(query[1])) {
          addTable(change, query[0], result);
        }
      }
    }
    call("registry_difference", registry.getValue(), change.getValue(), options, (long) options.length, found);
    call("difference_counts", found.getValue(), rows, questions, null);
    call("registry_commit_difference", registry.getValue(), found.getValue(), 0L, mark, (long) mark.length, commit);
    System.out.println(
        "commit " + commit.getValue() + ": " + rows.getValue() + " rows, " + questions.getValue() + " questions");
    free("difference", found);
    free("change", change);
    free("registry", registry);
  }
}
