// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// The store behind proxies: one slot, and the right to change the code. Who owns it is
/// in the code, so that no proxy has to be set up.
contract UupsStore is UUPSUpgradeable {
    uint256 public value;
    address private immutable _owner = msg.sender;

    function store(uint256 value_) external {
        value = value_;
    }

    function _authorizeUpgrade(address) internal view override {
        require(msg.sender == _owner);
    }
}
