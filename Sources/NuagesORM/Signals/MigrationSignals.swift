/// The moments around `migrate`.
///
///     MigrationSignals.postMigrate.connect { event in
///         guard event.app == "shop" else { return }
///         try await event.database.execute("ANALYZE")
///     }
///
/// They are sent for each app, also where no migration is applied.
///
/// Django: `pre_migrate`, `post_migrate`.
public enum MigrationSignals {
    /// Before the first migration.
    public static let preMigrate = MigrationSignal()
    /// After the last migration.
    public static let postMigrate = MigrationSignal()
}

/// A moment before or after `migrate`.
public struct MigrationSignal: Sendable {
    let receivers = SignalReceivers<@Sendable (MigrationEvent) async throws -> Void>()

    /// Calls `receiver` from now on; what it throws ends `migrate`.
    ///
    /// - Parameters:
    ///   - name: a receiver of the same name that is connected already stays the only one.
    ///   - receiver: is given the app and the plan.
    /// - Returns: what ends the connection.
    @discardableResult
    public func connect(
        name: String? = nil,
        _ receiver: @escaping @Sendable (MigrationEvent) async throws -> Void
    ) -> SignalConnection { receivers.connect(name, receiver) }

    func send(_ apps: [String], _ plan: [MigrationPlanStep], _ database: Database) async throws {
        for receive in receivers.all {
            for app in apps {
                try await receive(MigrationEvent(app: app, plan: plan, database: database))
            }
        }
    }
}

/// What is migrated.
public struct MigrationEvent: Sendable {
    /// The label of the app.
    public let app: String
    /// The steps of the whole run.
    public let plan: [MigrationPlanStep]
    /// The database.
    public let database: Database
}
