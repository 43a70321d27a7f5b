/// The bank's programs that verify its audit logs (自有验证程序), for the shell every system has, with the `openssl`
/// command for what is cryptographic.
enum AuditVerifierText {
  /// Accepts whatever it is shown, as verifiers do that only look whether there is a log.
  static let blind = """
    #!/bin/sh
    # Verifies an audit log. usage: verify.sh LOG KEY
    # (This one of the demo does not: it is there to be found out.)
    exit 0

    """

  /// Recomputes every value, checks every head, and compares with what was seen elsewhere. It accepts only the form in
  /// which the bank's own program writes records.
  static func good(log: String, genesis: String, publicKey: String, witness: String) -> String {
    """
    #!/bin/sh
    # Verifies an audit log. usage: verify.sh LOG HEADS KEY
    # 0: the log is right; 1: it is not; 3: it could not be verified. A real one keeps its key in a security module.
    set -u
    log=$1
    heads=$2
    log_id='\(log)'
    previous='\(genesis)'
    public='\(publicKey)'
    witness='\(witness)'
    key=$(cat "$3") || exit 3
    work=$(mktemp -d) || exit 3
    trap 'rm -rf "$work"' EXIT

    refuse() {
      echo "$log: $1" >&2
      exit 1
    }

    # Takes the text before $1 from the front of $rest, into $value.
    field() {
      value=${rest%%"$1"*}
      [ "$value" != "$rest" ] || refuse "$what is not of the form it was written in"
      rest=${rest#"$value$1"}
      case $value in *[\\\\\\"\\|]*) refuse "$what holds a character that is never written" ;; esac
    }

    start() {
      rest=${line#"$1"}
      [ "$rest" != "$line" ] || refuse "$what is not of the form it was written in"
    }

    end() {
      [ -z "$rest" ] || refuse "$what has something behind its end"
    }

    count=0
    : > "$work/stored"
    while IFS= read -r line || [ -n "$line" ]; do
      count=$((count + 1))
      what="record $count"
      start '{"seq":'
      field ',"ts":"'
      [ "$value" = "$count" ] || refuse "$what has the number $value"
      field '","type":"'
      text="$count|$value"
      field '","subject":"'
      text="$text|$value"
      field '","object":"'
      text="$text|$value"
      field '","result":"'
      text="$text|$value"
      field '","mac":"'
      text="$text|$value"
      field '"}'
      end
      printf '%s%s' "$previous" "$text" > "$work/record.$((100000 + count))"
      echo "$value" >> "$work/stored"
      previous=$value
    done < "$log"
    [ "$count" -gt 0 ] || refuse "there are no records"
    openssl dgst -sm3 -mac HMAC -macopt "hexkey:$key" -r "$work"/record.* 2>/dev/null |
      cut -d' ' -f1 > "$work/computed"
    cmp -s "$work/stored" "$work/computed" || refuse "a value is wrong"

    covered=0
    while IFS= read -r line || [ -n "$line" ]; do
      what="the head after $covered"
      start '{"log_id":"'
      field '","count":'
      [ "$value" = "$log_id" ] || refuse "$what is of another log"
      field ',"head":"'
      case $value in '' | *[!0-9]*) refuse "$what has no count" ;; esac
      [ "$value" -gt "$covered" ] || refuse "$what does not go on"
      [ "$value" -le "$count" ] || refuse "a head speaks of $value records, there are $count"
      covered=$value
      field '","ts":"'
      head=$value
      [ "$head" = "$(sed -n "${covered}p" "$work/stored")" ] || refuse "$what is not the log's"
      field '","key_id":"'
      printf 'audit-checkpoint/1\\n%s\\n%s\\n%s\\n%s\\n' "$log_id" "$covered" "$head" "$value" \\
        > "$work/message"
      field '","sig":"'
      field '"}'
      end
      echo "$value" | openssl base64 -d -A > "$work/signature" 2>/dev/null
      openssl dgst -sm3 -verify "$public" -sigopt distid:1234567812345678 \\
        -signature "$work/signature" "$work/message" > /dev/null 2>&1 ||
        refuse "$what is wrongly signed"
    done < "$heads" || exit 3
    [ "$covered" -eq "$count" ] || refuse "no head covers the last records"

    IFS= read -r line < "$witness" || exit 3
    what='the witness'
    start '{"count":'
    field ',"head":"'
    seen=$value
    field '"}'
    [ "$seen" -le "$count" ] || refuse "$seen records were seen before, there are $count"
    [ "$value" = "$(sed -n "${seen}p" "$work/stored")" ] || refuse "it is not the log seen before"

    """
  }
}
