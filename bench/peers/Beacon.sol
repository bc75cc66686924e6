// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";

contract Beacon is UpgradeableBeacon {
    constructor(address code) UpgradeableBeacon(code, msg.sender) {}
}
