// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// OpenZeppelin's timelock, in which anyone executes; its administrator says who proposes.
contract OpenTimelock is TimelockController {
    constructor(uint256 delay, address admin)
        TimelockController(delay, new address[](0), new address[](1), admin)
    {}
}
