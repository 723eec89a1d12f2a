// SPDX-License-Identifier: Apache-2.0
import Connector
import Documents
import Foundation
import Mappings
import Testing
import TieoutTesting
import Trees

struct SyncAuthoriseTests {
    private static let client = [
        "TIEOUT_SECRET_SHOP_CLIENT_ID": "me", "TIEOUT_SECRET_SHOP_CLIENT_SECRET": "very-secret",
    ]

    @Test func `A person allows it once, sees the first records, and the next sync needs no secret but the client's`()
        throws
    {
        let scene = try SyncScene()
        scene.add(12)
        let surroundings = scene.surroundings(Self.client)
        let (url, permission) = try scene.workplace().beginAuthorising(
            "shop", redirect: "http://localhost:8765/", surroundings)
        let parts = URLComponents(string: url)?.queryItems ?? []
        func part(_ name: String) -> String? { parts.first { $0.name == name }?.value }
        #expect(url.hasPrefix("https://shop.example/allow?response_type=code&client_id=me&"))
        #expect(part("redirect_uri") == "http://localhost:8765/")
        #expect(part("code_challenge_method") == "S256" && part("code_challenge")?.count == 43)
        #expect(!url.contains("very-secret") && !url.contains(permission.verifier))
        let state = try #require(part("state"))
        let answer = try scene.workplace().finishAuthorising(
            "shop", permission, query: "code=allowed&state=\(state)", surroundings)
        let samples = answer.json["trial"]?["sources"]?[0]?["streams"]?[0]?["samples"]?.items ?? []
        #expect(samples.count == 10, "\(answer.text)")
        #expect(!answer.text.contains("RT-") && !answer.text.contains("very-secret"))
        // Nothing landed by the trial; the tokens did.
        #expect(try scene.openAmounts() == [:])
        #expect(try !scene.sync(Self.client).failed)
        #expect(try scene.openAmounts() == scene.truth)
    }

    @Test(arguments: [
        "code=allowed&state=forged", "error=access_denied&state=STATE", "state=STATE", "", "code=stolen&state=STATE",
    ])
    func `An answer that is not ours, or no permission, stores nothing`(_ query: String) throws {
        let scene = try SyncScene()
        let surroundings = scene.surroundings(Self.client)
        let (_, permission) = try scene.workplace().beginAuthorising(
            "shop", redirect: "http://localhost:8765/", surroundings)
        #expect(throws: Failure.self) {
            try scene.workplace().finishAuthorising(
                "shop", permission, query: query.replacingOccurrences(of: "STATE", with: permission.state), surroundings
            )
        }
        #expect(try scene.sync(Self.client).failed)
    }

    @Test func `Without the client's id nobody is sent anywhere`() throws {
        let scene = try SyncScene()
        #expect(throws: Failure.self) {
            try scene.workplace().beginAuthorising("shop", redirect: "http://localhost:8765/", scene.surroundings([:]))
        }
    }

    @Test(arguments: ["", "tieout_"])
    func `Secrets come from systemd's folder, under their names or those of a whole folder`(_ prefix: String) throws {
        let scene = try SyncScene()
        scene.add(2)
        for (name, value) in [("client_id", "me"), ("client_secret", "very-secret\n"), ("refresh_token", "RT-0")] {
            _ = try scene.folder.write(value, to: "credentials/\(prefix)shop-\(name)")
        }
        let answer = try scene.sync(["CREDENTIALS_DIRECTORY": scene.folder.path("credentials")])
        #expect(!answer.failed, "\(answer.text)")
        #expect(try scene.openAmounts() == scene.truth)
    }
}
