public import ArgumentParser
public import NuagesViews

/// A command of a site's management program.
///
/// It is a command of swift-argument-parser that runs when the site is set up: its database can
/// be queried and its URLs reversed.
///
///     struct ClosePolls: ManagementCommand {
///         static let configuration = CommandConfiguration(
///             commandName: "closepolls", abstract: "Closes polls for voting.")
///         @Argument(help: "The ids of the questions.") var questionIDs: [Int]
///
///         func run() async throws { … }
///     }
///
/// Django: `django.core.management.BaseCommand`.
public protocol ManagementCommand: AsyncParsableCommand {}

extension ManagementCommand {
    /// The site that the command runs for.
    ///
    /// - Throws: `SiteError.notSetUp` where no site was set up, as in a unit test of a command.
    public var site: SiteContext {
        get throws { try SiteContext.current }
    }
}
