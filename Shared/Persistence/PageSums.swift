import CSQLite
import Glibc
import Synchronization

/// A sum at the end of each page of a database file: made when the page is written, looked at when it is read. A page that
/// something has happened to, or that lies in another page's place, is an error where it is read; it is never served.
///
/// The engine leaves eight bytes of each page to us and asks the system for pages through this table of functions, which is the
/// usual one but for reading and writing. Files of earlier versions, without the room, are read and written as they were. Pages in
/// the log have the log's own sums.
enum PageSums {
  /// The engine's name for our way to files.
  static let name = "huying"
  /// What is left to us of each page. The engine takes it for new files only.
  static let reservedBytes: Int32 = 8

  /// Makes the way known to the engine; once, before the first connection.
  static let registration: Int32 = {
    guard let usual = sqlite3_vfs_find(nil) else { return SQLITE_ERROR }
    let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    own.initialize(to: usual.pointee)
    own.pointee.pNext = nil
    own.pointee.zName = UnsafePointer(strdup(name))
    own.pointee.xOpen = { _, path, file, flags, outFlags in
      let usual = sqlite3_vfs_find(nil)
      guard let usual, let open = usual.pointee.xOpen else { return SQLITE_ERROR }
      let result = open(usual, path, file, flags, outFlags)
      guard result == SQLITE_OK, flags & SQLITE_OPEN_MAIN_DB != 0, let file, let methods = file.pointee.pMethods else {
        return result
      }
      if hasSums(file, methods) { file.pointee.pMethods = table(besides: methods) }
      return result
    }
    return sqlite3_vfs_register(own, 0)
  }()

  /// Whether the file at `path` has room for sums.
  static func areIn(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, placeOfReserved) == 1 && Int32(byte) == reservedBytes
  }

  /// Where a file says how much of each page the engine leaves alone.
  private static let placeOfReserved = 20

  /// A new file will have them.
  private static func hasSums(
    _ file: UnsafeMutablePointer<sqlite3_file>, _ methods: UnsafePointer<sqlite3_io_methods>
  ) -> Bool {
    var size: sqlite3_int64 = 0
    guard methods.pointee.xFileSize(file, &size) == SQLITE_OK else { return false }
    guard size > 0 else { return true }
    var byte: UInt8 = 0
    return methods.pointee.xRead(file, &byte, 1, sqlite3_int64(placeOfReserved)) == SQLITE_OK
      && Int32(byte) == reservedBytes
  }

  // MARK: The table of functions

  /// Ours, and behind it the usual one.
  private struct Table {
    var own: sqlite3_io_methods
    let usual: UnsafePointer<sqlite3_io_methods>
  }

  /// The engine has a handful of tables, as many as there are ways to lock; each has one of ours, for good.
  private static let tables = Mutex<[UInt: UInt]>([:])

  private static func table(besides usual: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods>? {
    let address = tables.withLock { tables in
      if let known = tables[UInt(bitPattern: usual)] { return known }
      let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
      table.initialize(to: Table(own: usual.pointee, usual: usual))
      table.pointee.own.xRead = { file, buffer, count, offset in
        guard let file, let usual = PageSums.usual(of: file) else { return SQLITE_IOERR }
        let result = usual.pointee.xRead(file, buffer, count, offset)
        guard result == SQLITE_OK, let buffer, PageSums.isPage(count, offset) else { return result }
        return PageSums.holds(buffer, Int(count), offset) ? SQLITE_OK : SQLITE_CORRUPT
      }
      table.pointee.own.xWrite = { file, buffer, count, offset in
        guard let file, let usual = PageSums.usual(of: file) else { return SQLITE_IOERR }
        // The last bytes of the engine's page are ours.
        if let buffer, PageSums.isPage(count, offset) {
          let page = UnsafeMutableRawPointer(mutating: buffer)
          page.storeBytes(
            of: PageSums.sum(page, Int(count), offset), toByteOffset: Int(count - PageSums.reservedBytes),
            as: UInt64.self)
        }
        return usual.pointee.xWrite(file, buffer, count, offset)
      }
      tables[UInt(bitPattern: usual)] = UInt(bitPattern: table)
      return UInt(bitPattern: table)
    }
    return UnsafePointer(bitPattern: address)
  }

  /// The engine knows the file by our table, which stands first in ours.
  private static func usual(of file: UnsafeMutablePointer<sqlite3_file>) -> UnsafePointer<sqlite3_io_methods>? {
    file.pointee.pMethods.map { UnsafeRawPointer($0).assumingMemoryBound(to: Table.self).pointee.usual }
  }

  // MARK: Sums

  /// The engine reads and writes whole pages, but for a look at the head.
  private static func isPage(_ count: Int32, _ offset: sqlite3_int64) -> Bool {
    count >= 512 && count & (count - 1) == 0 && offset % sqlite3_int64(count) == 0
  }

  private static func holds(_ page: UnsafeMutableRawPointer, _ count: Int, _ offset: sqlite3_int64) -> Bool {
    let stored = page.loadUnaligned(fromByteOffset: count - Int(reservedBytes), as: UInt64.self)
    if stored == sum(page, count, offset) { return true }
    // A page that was given up before it was ever written is a hole in the file.
    return UnsafeRawBufferPointer(start: page, count: count).allSatisfy { $0 == 0 }
  }

  /// Over the page's place and all of it but the sum; two sums that depend on the order of what is added.
  private static func sum(_ page: UnsafeRawPointer, _ count: Int, _ offset: sqlite3_int64) -> UInt64 {
    var first = UInt32(truncatingIfNeeded: offset / sqlite3_int64(count)) &+ 1
    var second = UInt32(truncatingIfNeeded: count)
    var place = 0
    while place < count - Int(reservedBytes) {
      first &+= UInt32(littleEndian: page.loadUnaligned(fromByteOffset: place, as: UInt32.self)) &+ second
      second &+= UInt32(littleEndian: page.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)) &+ first
      place += 8
    }
    return UInt64(first) << 32 | UInt64(second)
  }
}
