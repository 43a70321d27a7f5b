import AssessmentModel

/// Says in plain words what libyaml found wrong.
enum SyntaxWording {
  /// `byte` is the one at the problem's place, nil at the end of the file.
  static func message(for problem: EventStream.Problem, byte: UInt8?) -> String {
    let since = problem.contextLine.map { " (begun in line \($0))" } ?? ""
    switch problem.problem {
    case "found character that cannot start any token":
      return unexpectedStart(byte)
    case "found a tab character where an indentation space is expected",
      "found a tab character that violates indentation":
      return "found a tab in the indentation; indent with spaces"
    case "mapping values are not allowed in this context":
      return "found a \":\" where no key can stand; check the indentation, or quote the text"
    case "block sequence entries are not allowed in this context":
      return "found a \"-\" where no list item can stand; check the indentation, or quote the text"
    case "did not find expected key":
      return "a key of the mapping\(since) is expected here; check the indentation"
    case "did not find expected '-' indicator":
      return "an item (\"- \") of the list\(since) is expected here; check the indentation"
    case "did not find expected ',' or ']'":
      return "\",\" or \"]\" is expected here in the list\(since)"
    case "did not find expected ',' or '}'":
      return "\",\" or \"}\" is expected here in the mapping\(since)"
    case "could not find expected ':'":
      return "a \":\" is expected after the key\(since); "
        + "a key is one line of at most 1024 characters"
    case "found unexpected end of stream":
      return "the file ends inside a quoted text\(since); close the quotes"
    case "found unexpected document indicator":
      return "found \"---\" or \"...\" inside a quoted text\(since); close the quotes"
    case "found unknown escape character":
      return "found an unknown escape in double quotes\(since); write \"\\\\\" for a backslash"
    case "did not find expected hexdecimal number":
      return "hexadecimal digits are expected after \\x, \\u or \\U in double quotes"
    case "found invalid Unicode character escape code":
      return "found an escape in double quotes that names no character"
    case "found undefined tag handle":
      return "found a tag (!), but tags are not accepted; quote the value if it is text"
    case "did not find expected node content":
      return "a value is expected here"
    default:
      return "this is not YAML: \(ActiveScalar.inert(problem.problem, limit: 200))\(since)"
    }
  }

  private static func unexpectedStart(_ byte: UInt8?) -> String {
    switch byte {
    case 0x09: "found a tab before a value or in the indentation; use spaces"
    case .some(let byte) where byte > 0x20 && byte < 0x7F:
      "found \"\(Unicode.Scalar(byte))\", which cannot begin a value; quote the text"
    case .some, .none: "found a character that cannot begin a value; quote the text"
    }
  }
}
