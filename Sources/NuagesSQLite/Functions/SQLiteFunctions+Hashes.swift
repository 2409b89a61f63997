import NuagesCore
import NuagesORM

extension SQLiteFunctions {
    static var hashes: [SQLiteFunction] {
        [
            hash("MD5") { Digest.hash($0, with: .md5) },
            hash("SHA1") { Digest.hash($0, with: .sha1) },
            hash("SHA224") { Digest.sha224($0) },
            hash("SHA256") { Digest.hash($0, with: .sha256) },
            hash("SHA384") { Digest.hash($0, with: .sha384) },
            hash("SHA512") { Digest.hash($0, with: .sha512) },
        ]
    }

    private static func hash(
        _ name: String,
        _ digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> SQLiteFunction {
        SQLiteFunction(name: name, argumentCount: 1) { call throws(SQLiteFunctionError) in
            .text(Digest.hex(digest(Array(try call.bytes(0)))))
        }
    }
}
