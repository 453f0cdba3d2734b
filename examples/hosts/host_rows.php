<?php
// Rows of a host's database, through PDO, into a registry file kept in step.
//
//   php -d ffi.enable=1 host_rows.php LIBRARY DATABASE FILE.dangbo DAY
//
// Shown with SQLite; any PDO driver gives rows the same way. NULL and '' are both missing; a date with
// a time of day loses the time; CHAR padded with spaces is trimmed; a numeric id is text without a
// decimal point; an end that still counts goes under "last day"; text that is not UTF-8 is decoded by
// the encoding that the host names. The day is the mark: sent again, nothing is written twice.
declare(strict_types=1);

const OLD_ENCODING = 'CP1258'; // of columns kept as bytes
const BYTES = ['units' => ['name']];
const QUERIES = [
    'units' => 'SELECT code AS unit_id, parent AS parent_id, name, kind, founded AS "from" FROM party_unit',
    'members' => 'SELECT id AS member_id, full_name, born AS birth_date FROM party_member',
    'memberships' => 'SELECT member AS member_id, unit AS unit_id, \'home\' AS kind, since AS "from",'
        . ' last_day AS "last day" FROM party_home',
];

[, $library, $database, $file, $day] = $argv;
$dangbo = FFI::cdef('
    int32_t dangbo_check_abi(uint32_t major, uint32_t minor);
    const char* dangbo_error_message(const void* error, int32_t language);
    void dangbo_error_free(void* error);
    int32_t dangbo_registry_open(const char* path, size_t size, int32_t mode, uint32_t flags, void** out, void** error);
    int32_t dangbo_change_create(void* registry, void** out, void** error);
    int32_t dangbo_change_begin_rows(void* change, const char* table, size_t size, uint64_t rows, const char* source,
                                     size_t source_size, void** error);
    int32_t dangbo_change_text_column(void* change, const char* name, size_t size, const char* bytes,
                                      const int64_t* offsets, const uint8_t* validity, void** error);
    int32_t dangbo_change_end_rows(void* change, void** error);
    int32_t dangbo_registry_difference(void* registry, const void* extract, const char* json, size_t size, void** out,
                                       void** error);
    int32_t dangbo_difference_counts(const void* found, uint64_t* rows, uint64_t* questions, uint64_t* set_aside,
                                     void** error);
    int32_t dangbo_registry_commit_difference(void* registry, const void* found, int64_t time, const char* mark,
                                              size_t size, uint64_t* commit, void** error);
    void dangbo_difference_free(void* handle);
    void dangbo_change_free(void* handle);
    void dangbo_registry_free(void* handle);
', $library);

function call(string $name, mixed ...$arguments): void
{
    global $dangbo;
    $error = $dangbo->new('void*');
    if ($dangbo->{"dangbo_$name"}(...[...$arguments, FFI::addr($error)]) === 0) {
        return;
    }
    $text = $dangbo->dangbo_error_message($error, 0);
    $dangbo->dangbo_error_free($error);
    throw new RuntimeException($text);
}

// null: missing.
function cell(mixed $value, bool $isBytes): ?string
{
    if ($value === null) {
        return null;
    }
    if (is_float($value) && floor($value) === $value) {
        return number_format($value, 0, '', '');
    }
    return $isBytes ? iconv(OLD_ENCODING, 'UTF-8', (string) $value) : (string) $value;
}

// One column in the form the library takes: bytes end to end, where each begins, which are there.
function addColumn(FFI\CData $change, string $name, array $values): void
{
    global $dangbo;
    $count = count($values);
    $offsets = $dangbo->new('int64_t[' . ($count + 1) . ']');
    $validity = $dangbo->new('uint8_t[' . max($count, 1) . ']');
    $bytes = '';
    foreach ($values as $row => $value) {
        $bytes .= $value ?? '';
        $offsets[$row + 1] = strlen($bytes);
        $validity[$row] = $value === null ? 0 : 1;
    }
    call('change_text_column', $change, $name, strlen($name), $bytes, $offsets, $validity);
}

function addTable(FFI\CData $change, string $table, PDOStatement $rows): void
{
    $count = $rows->columnCount();
    $columns = array_fill(0, $count, []);
    $names = array_map(fn (int $i): string => $rows->getColumnMeta($i)['name'], range(0, $count - 1));
    while ($row = $rows->fetch(PDO::FETCH_NUM)) {
        foreach ($row as $i => $value) {
            $columns[$i][] = cell($value, in_array($names[$i], BYTES[$table] ?? [], true));
        }
    }
    call('change_begin_rows', $change, $table, strlen($table), count($columns[0]), $table, strlen($table));
    foreach ($names as $i => $name) {
        addColumn($change, $name, $columns[$i]);
    }
    call('change_end_rows', $change);
}

if ($dangbo->dangbo_check_abi(0, 2) !== 1) {
    throw new RuntimeException('another version of libdangbo');
}
$registry = $dangbo->new('void*');
$change = $dangbo->new('void*');
$found = $dangbo->new('void*');
$mode = file_exists($file) ? 1 : 2; // DANGBO_OPEN_WRITE, DANGBO_OPEN_CREATE
call('registry_open', $file, strlen($file), $mode, 0, FFI::addr($registry));
call('change_create', $registry, FFI::addr($change));
$connection = new PDO("sqlite:$database");
foreach (QUERIES as $table => $query) {
    addTable($change, $table, $connection->query($query));
}
$options = json_encode(['difference' => 1, 'day' => $day]);
$rows = $dangbo->new('uint64_t');
$questions = $dangbo->new('uint64_t');
$commit = $dangbo->new('uint64_t');
$mark = "host $day";
call('registry_difference', $registry, $change, $options, strlen($options), FFI::addr($found));
call('difference_counts', $found, FFI::addr($rows), FFI::addr($questions), null);
call('registry_commit_difference', $registry, $found, 0, $mark, strlen($mark), FFI::addr($commit));
echo "commit {$commit->cdata}: {$rows->cdata} rows, {$questions->cdata} questions\n";
$dangbo->dangbo_difference_free($found);
$dangbo->dangbo_change_free($change);
$dangbo->dangbo_registry_free($registry);
