import FoundationEssentials

/// `YYYY-MM-DDThh:mm:ssZ` of seconds since 1970.
package func utc(_ seconds: Double) -> String {
  Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
}
